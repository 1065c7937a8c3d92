import { expect, test } from 'vitest'
import { systemClock } from './clock.ts'
import { Life } from './life.ts'

/** A life whose openings and closings take a turn each, and are written down. */
function recorded(fail: () => boolean = () => false) {
  const log: string[] = []
  const step = async (name: string): Promise<void> => {
    log.push(`${name}…`)
    await new Promise(setImmediate)
    if (name === 'open' && fail()) throw new Error('refused')
    log.push(name)
  }
  return { log, life: new Life({ open: () => step('open'), close: () => step('close') }, systemClock) }
}

test('starts once, whoever asks', async () => {
  const { log, life } = recorded()
  await Promise.all([life.start(), life.start()])
  expect(log).toEqual(['open…', 'open'])
})

test('a start, a stop, a start and a stop come one after the other', async () => {
  const { log, life } = recorded()
  await Promise.all([life.start(), life.stop({}), life.start(), life.stop({})])
  expect(log).toEqual(['open…', 'open', 'close…', 'close', 'open…', 'open', 'close…', 'close'])
})

test('a start that fails can be repeated, and takes no later one with it', async () => {
  let failing = true
  const { log, life } = recorded(() => failing)
  const first = life.start()
  const stopped = life.stop({})
  const second = life.start()
  await expect(first).rejects.toThrow('refused')
  failing = false
  await Promise.all([stopped, second, life.start()])
  expect(log).toEqual(['open…', 'close…', 'close', 'open…', 'open'])
})
