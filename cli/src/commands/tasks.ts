import type { Delivery, Step, Task } from 'asyncv'
import { type Client, openClient, type PageOf } from '../calling/client.ts'
import { lineOfStep, linesOfDelivery, linesOfTask } from '../views/lines-of.ts'
import { listQuery } from '../calling/list-query.ts'
import { print, printJson, talk } from '../output.ts'
import { paintState } from '../views/paint-state.ts'
import { cleanLine } from '../terminal/clean.ts'
import { type Screen, screen } from '../terminal/screen.ts'
import { tableOf } from '../terminal/table.ts'
import { durationOf, momentFor } from '../terminal/time.ts'
import { drawTimeline } from '../terminal/timeline.ts'
import type { Flags } from '../tree/command.ts'
import { words } from '../words/spoken.ts'

/** `asyncv tasks list`. */
export async function list(flags: Flags): Promise<void> {
  const { state, session } = flags as Record<string, string | undefined>
  const query = { ...listQuery(flags), state, session }
  const client = await openClient(flags)
  const page = await client.get<PageOf<Task>>('/v1/tasks', 'data', query)
  if (flags['json']) return printJson(page)
  if (page.data.length === 0) return talk(words.lists.noTasks, flags)
  print(tasksTable(page.data, screen()))
  if (page.nextCursor !== null) talk(words.lists.goOn(page.nextCursor), flags)
}

function tasksTable(tasks: readonly Task[], on: Screen): string {
  const { headings, states } = words
  return tableOf(
    tasks,
    [
      { heading: headings.id, cell: ({ id }) => id },
      {
        heading: headings.state,
        cell: ({ state }) => states[state],
        paint: (text, { state }) => paintState(text, state, on),
      },
      { heading: headings.agent, cell: ({ agent }) => cleanLine(agent), flexible: true },
      { heading: headings.began, cell: ({ createdAt }) => momentFor(createdAt, on) },
      { heading: headings.took, cell: took, right: true },
      // Where it is narrow, what there is room for ends here.
      ...(on.columns !== null && on.columns < 100
        ? []
        : [
            {
              heading: headings.tokens,
              cell: ({ usage }: Task) => `${usage.inputTokens} → ${usage.outputTokens}`,
              right: true as const,
            },
            { heading: headings.error, cell: ({ error }: Task) => error?.code ?? '', flexible: true as const },
          ]),
    ],
    on,
  )
}

function took({ startedAt, endedAt }: Task): string {
  return startedAt === null || endedAt === null ? '-' : durationOf(endedAt - startedAt)
}

/** `asyncv tasks show ID`: its steps and what they led to, as a timeline. */
export async function show(flags: Flags, id: string): Promise<void> {
  const client = await openClient(flags)
  const path = pathOf(id)
  const task = await client.get<Task>(path, 'usage')
  const [{ data: steps }, deliveries] = await Promise.all([
    client.get<{ data: Step[] }>(`${path}/steps`, 'data'),
    deliveriesOf(client, task.id),
  ])
  if (flags['json']) return printJson({ task, steps, deliveries })
  const on = screen()
  const { tasks, states, trace } = words
  const { inputTokens, outputTokens } = task.usage
  const facts = [tasks.facts(cleanLine(task.agent), task.session), tasks.tokens(inputTokens, outputTokens)]
  const lines = [...linesOfTask(task), ...steps.map(lineOfStep), ...deliveries.flatMap(linesOfDelivery)]
  print(
    [
      tasks.head(paintState(states[task.state], task.state, on), on.paint.bold(task.id)),
      ...facts.map((fact) => `  ${fact}`),
      '',
      drawTimeline(lines, trace.now, on),
    ].join('\n'),
  )
}

async function deliveriesOf(client: Client, task: string): Promise<Delivery[]> {
  const { data } = await client.get<PageOf<Delivery>>('/v1/deliveries', 'data', { task, order: 'oldest', limit: '500' })
  return data
}

/** `asyncv tasks cancel ID`. */
export async function cancel(flags: Flags, id: string): Promise<void> {
  const client = await openClient(flags)
  const { answer } = await client.post<Task>(`${pathOf(id)}/cancel`, 'id')
  if (flags['json']) printJson(answer)
  talk(answer.endedAt === null ? words.tasks.cancelling(answer.id) : words.tasks.cancelled(answer.id), flags)
}

/** `asyncv tasks retry ID`. */
export async function retry(flags: Flags, id: string): Promise<void> {
  const client = await openClient(flags)
  const { answer } = await client.post<Task>(`${pathOf(id)}/retry`, 'id')
  if (flags['json']) printJson(answer)
  // Of a conversation that went on: who wants to see how it ends has to know the new id.
  else print(answer.id)
  talk(answer.id === id ? words.tasks.retried(id) : words.tasks.retriedAs(answer.id, id), flags)
}

function pathOf(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`
}
