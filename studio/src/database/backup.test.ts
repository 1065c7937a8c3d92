import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openService } from '../security/service.fixture.ts'
import { createStudio } from '../studio.ts'
import { backUpStudio } from './backup.ts'

const service = await openService()
const { admin, folder } = service
afterAll(() => service.close())
const database = join(folder, 'studio.db')

test('a backup that was made while Studio runs has all of it, and a Studio starts from it with its key', async () => {
  await admin.ask('POST', '/api/items', { kind: 'agent', name: 'helper', content: { model: 'offline/demo' } })
  const file = join(folder, 'kept.db')
  const bytes = await backUpStudio(database, file)
  expect(bytes).toBe(statSync(file).size)
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
  await admin.ask('POST', '/api/items', { kind: 'agent', name: 'later', content: { model: 'offline/demo' } })

  mkdirSync(join(folder, 'restored'))
  copyFileSync(file, join(folder, 'restored/studio.db'))
  copyFileSync(join(folder, 'studio.key'), join(folder, 'restored/studio.key'))
  const restored = await createStudio({ database: join(folder, 'restored/studio.db') })
  const answer = await restored.fetch(
    new Request('http://127.0.0.1/api/items', {
      headers: { cookie: `asyncv_studio=${admin.cookies.get('asyncv_studio')}`, host: '127.0.0.1' },
    }),
  )
  const { data } = (await answer.json()) as { data: { name: string }[] }
  expect(data.map(({ name }) => name)).toEqual(['helper'])
  await restored.close()
})

test.each([
  ['a file that is there already', 'there.db', /is there already/],
  ['a folder that is not there', 'nowhere/kept.db', /cannot be written/],
])('%s is refused, and nothing is left behind', async (_, name, message) => {
  writeFileSync(join(folder, 'there.db'), 'mine')
  await expect(backUpStudio(database, join(folder, name))).rejects.toThrow(message)
  expect(readdirSync(folder).filter((one) => one.includes('.part'))).toEqual([])
  expect(existsSync(join(folder, 'nowhere'))).toBe(false)
})

test('what is no Studio is not taken for one', async () => {
  await expect(backUpStudio(join(folder, 'no.db'), join(folder, 'kept2.db'))).rejects.toThrow(/There is no/)
  expect(existsSync(join(folder, 'kept2.db'))).toBe(false)
})
