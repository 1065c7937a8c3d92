import { z } from 'zod'

/** What steps of each kind hold, as far as a page reads it; what is of another shape is shown as the JSON that it is. */

const toolCall = z.looseObject({ callId: z.string(), name: z.string(), args: z.unknown() })

export const modelResult = z.looseObject({
  text: z.string(),
  reasoning: z.string().optional(),
  calls: z.array(toolCall),
})

export const toolInput = z.looseObject({ args: z.unknown() })
export const toolResult = z.looseObject({ result: z.unknown(), isError: z.boolean().optional() })

export const inputResult = z.looseObject({
  message: z.string(),
  parts: z.array(z.looseObject({ type: z.string(), text: z.string().optional(), name: z.string().optional() })),
})

/** A tool said that it failed: the model was told, and the task went on. */
export function isToolError(step: { kind: string; result: unknown } | undefined): boolean {
  return step?.kind === 'tool' && toolResult.safeParse(step.result).data?.isError === true
}
