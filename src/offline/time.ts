import { z } from 'zod'
import { defineTool } from '../tool.ts'

/** Tells the time, in the person's own zone or another. */
export const time = defineTool({
  name: 'time',
  description: 'Tells the current date and time.',
  input: z.object({
    timeZone: z.string().max(64).optional().describe('IANA name, such as Asia/Shanghai; default: the host’s'),
  }),
  effect: 'read',
  run({ input }) {
    const timeZone = input.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
    try {
      const text = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long', timeZone }).format(
        new Date(),
      )
      return `${text} (${timeZone})`
    } catch {
      throw new Error(`Unknown time zone "${timeZone}". Use an IANA name, such as Europe/Berlin.`)
    }
  },
})
