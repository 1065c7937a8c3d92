import { openSqlite } from '@asyncv/migrations'
import { type Asyncv, createAsyncv } from 'asyncv'
import { sqlite } from 'asyncv/sqlite'
import { openai } from '@asyncv/openai'
import type { FakeModel } from '@asyncv/openai/testing'

/**
 * Makes a runtime's database at `path` with `count` tasks that are done, a second apart. One was answered by the runtime
 * itself; the others are copies of its row, in its session, since as many conversations would take a minute.
 */
export async function haveManyTasks(path: string, count: number, model: FakeModel): Promise<void> {
  const asyncv: Asyncv = createAsyncv({
    storage: sqlite(path),
    providers: { main: openai({ baseURL: model.url }) },
    agents: [{ name: 'assistant', model: 'main/fake-model' }],
  })
  await asyncv.start()
  await asyncv.send({ agent: 'assistant', session: 'user-42', text: 'How many are there?' })
  await asyncv.stop({ drainMs: 0 })

  const database = await openSqlite(path)
  const columns = database
    .prepare('select name from pragma_table_info(?)')
    .all(['task'])
    .map(({ name }) => String(name))
  const changed: Record<string, string> = {
    // As a UUID of version 7 of that time.
    id: `printf('%08x-%04x-7000-8000-%012x', (created_at - n * 1000) / 65536, (created_at - n * 1000) % 65536, n)`,
    created_at: 'created_at - n * 1000',
    started_at: 'started_at - n * 1000',
    ended_at: 'ended_at - n * 1000',
  }
  database
    .prepare(
      `with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ?)
       insert into task (${columns.join()}) select ${columns.map((name) => changed[name] ?? name).join()} from task, numbers`,
    )
    .run([count - 1])
  await database.close()
}
