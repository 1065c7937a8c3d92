import type { Timeline } from 'asyncv'
import { openClient } from '../calling/client.ts'
import { lineOfStep, linesOfDelivery, linesOfMessage, linesOfTask } from '../views/lines-of.ts'
import { print, printJson } from '../output.ts'
import { screen } from '../terminal/screen.ts'
import { secondOf } from '../terminal/time.ts'
import { drawTimeline } from '../terminal/timeline.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv trace MESSAGE`: "where is my message?", read from the rows themselves. */
export async function run(flags: Flags, id: string): Promise<void> {
  const client = await openClient(flags)
  const timeline = await client.get<Timeline>(`/v1/messages/${encodeURIComponent(id)}/timeline`, 'message')
  if (flags['json']) return printJson(timeline)
  const { message, dedupe, tasks, steps, deliveries } = timeline
  const on = screen()
  const lines = [
    ...linesOfMessage(message, dedupe),
    ...tasks.flatMap(linesOfTask),
    ...steps.map(lineOfStep),
    ...deliveries.flatMap(linesOfDelivery),
  ]
  const head = words.trace.head(on.paint.bold(message.id), secondOf(message.receivedAt))
  print(`${head}\n\n${drawTimeline(lines, words.trace.now, on)}`)
}
