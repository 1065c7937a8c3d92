/** What a connector or provider package exports, so that it can be made in code and by name from a configuration. */
import type { ZodType, z } from 'zod'
import type { Connector } from './connector.ts'
import type { Provider } from './provider.ts'

export interface Definition<Kind extends 'connector' | 'provider', Made, Schema extends ZodType = ZodType> {
  readonly kind: Kind
  /** The name a configuration uses: `{ "type": "telegram" }`. */
  readonly type: string
  /** Checked before `create` sees them; its JSON Schema is what forms are drawn from. */
  readonly options: Schema
  /**
   * Where its service is, such as `https://api.openai.com`. Its options may then hold a `Secret` wherever their schema takes
   * one (`secretText`), which the part reveals for each request. Without it, secrets are texts of the environment, taken
   * once when the part is made.
   */
  readonly origin?: string
  readonly create: (options: z.output<Schema>) => Made
}

export type ConnectorDefinition<Schema extends ZodType = ZodType> = Definition<'connector', Connector, Schema>
export type ProviderDefinition<Schema extends ZodType = ZodType> = Definition<'provider', Provider, Schema>

export function defineConnector<Schema extends ZodType>(
  definition: Omit<ConnectorDefinition<Schema>, 'kind'>,
): ConnectorDefinition<Schema> {
  return Object.freeze({ kind: 'connector', ...definition })
}

export function defineProvider<Schema extends ZodType>(
  definition: Omit<ProviderDefinition<Schema>, 'kind'>,
): ProviderDefinition<Schema> {
  return Object.freeze({ kind: 'provider', ...definition })
}
