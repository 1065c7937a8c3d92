import { z } from 'zod'

export const itemTemplate = z.object({
  id: z.string().describe('What the words of each language are found by'),
  kind: z.literal('agent'),
  content: z.record(z.string(), z.unknown()).describe('Without a name, a model and instructions'),
})

/**
 * What new agents may begin with. Names, descriptions and instructions are words, which each language has of its own; the
 * model is one that is there. Tools are those that every runtime has.
 */
export const itemTemplates = [
  { id: 'blank', kind: 'agent', content: {} },
  // Many short messages in a row, as people write them in a chat; answers that end.
  {
    id: 'support',
    kind: 'agent',
    content: { tools: ['time'], whenBusy: 'steer', limits: { modelCalls: 8, outputTokens: 1_500 } },
  },
  // Each text is work of its own, whatever comes after it.
  { id: 'translator', kind: 'agent', content: { whenBusy: 'queue', limits: { modelCalls: 2, historyTokens: 4_000 } } },
  { id: 'writer', kind: 'agent', content: { whenBusy: 'steer', limits: { modelCalls: 4, outputTokens: 6_000 } } },
  {
    id: 'analyst',
    kind: 'agent',
    content: {
      tools: ['time', 'calculator'],
      whenBusy: 'queue',
      limits: { modelCalls: 20, toolCalls: 40, wallMs: 300_000 },
    },
  },
] as const satisfies readonly z.infer<typeof itemTemplate>[]
