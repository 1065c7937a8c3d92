import { z } from 'zod'

/** The models that agents may name, as the services that a runtime is connected to list them. */
export const providerModels = z.object({
  provider: z.string(),
  models: z.array(z.string()).nullable().describe('Null where the service lists none, or could not be asked'),
  problem: z.string().nullable().describe('Why it could not be asked'),
})
export type ProviderModels = z.infer<typeof providerModels>

export const modelList = z.object({ data: z.array(providerModels) })
