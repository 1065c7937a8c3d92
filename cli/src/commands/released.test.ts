import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandPlace, type Place, type Running } from '../command.fixture.ts'

let place: Place
beforeAll(() => {
  place = commandPlace()
})
afterAll(() => place.remove())

const config = (...agents: string[]) => ({
  server: { managementPort: 0 },
  agents: agents.map((name) => ({ name, model: 'offline/demo' })),
})

const agentsOf = async ({ url }: Running) => {
  // A connection that is kept may be gone when a command, for which the whole process waits, has ended.
  const response = await fetch(`${url}/v1/agents`, { headers: { connection: 'close' } })
  const { data } = (await response.json()) as { data: { name: string }[] }
  return data.map(({ name }) => name)
}

const stop = async ({ child }: Running) => {
  child.kill('SIGINT')
  await once(child, 'exit')
}

test('the file is in force until something is deployed, and a start says so when it is not any more', {
  timeout: 90_000,
}, async () => {
  place.write('asyncv.config.json', config('first'))
  let service = await place.start()
  expect(await agentsOf(service)).toEqual(['first'])

  // As long as nothing was deployed, a reload takes the file.
  place.write('asyncv.config.json', config('second'))
  service.child.kill('SIGHUP')
  await expect.poll(() => agentsOf(service).catch(() => []), { timeout: 10_000 }).toEqual(['second'])
  place.write('asyncv.config.json', config('third'))
  expect(place.run(['deploy', '--yes'])).toMatchObject({ status: 0 })
  expect(await agentsOf(service)).toEqual(['third'])
  await stop(service)

  // The file says what is in force: nobody has to be told anything, until it is edited.
  service = await place.start()
  expect(service.stdout()).not.toContain('is in force')
  const released = () => /^ {2}release {2,}(.*)$/m.exec(place.run(['status']).stdout)?.[1]
  expect(released()).toMatch(/^\d+, of command$/)
  place.write('asyncv.config.json', config('fourth'))
  expect(released()).toContain('what the configuration file says is not in force, "asyncv deploy" puts it in force')
  await stop(service)

  service = await place.start()
  expect(await agentsOf(service)).toEqual(['third'])
  expect(service.stdout()).toMatch(
    /Not the file but release \d+ of "command" is in force; "asyncv deploy" puts the file in force\./,
  )
  const status = place.run(['status'])
  expect(status.stdout).toContain('"asyncv deploy" puts in force what it says')
  // A reload does not bring it back either; the way that is told does.
  service.child.kill('SIGHUP')
  await expect.poll(() => service.stderr() + service.stdout()).toMatch(/"reloaded"/)
  expect(await agentsOf(service)).toEqual(['third'])
  expect(place.run(['deploy', '--yes'])).toMatchObject({ status: 0 })
  expect(await agentsOf(service)).toEqual(['fourth'])
  await stop(service)
})
