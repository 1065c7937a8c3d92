import { expect, test } from 'vitest'
import { createEvents, type StudioEvent } from './events.ts'

const saved = (version: number): StudioEvent => ({ type: 'item.saved', kind: 'agent', name: 'a', version })

test('tells what happens from the call on, in order, until it is left', async () => {
  const { emit, follow } = createEvents()
  emit(saved(1))
  const left = new AbortController()
  const followed = follow(left.signal)
  emit(saved(2))
  emit(saved(3))
  expect([(await followed.next()).value, (await followed.next()).value]).toEqual([saved(2), saved(3)])
  const waiting = followed.next()
  left.abort()
  expect(await waiting).toMatchObject({ done: true })
})

test('who reads too slowly is told that more happened, and then what follows', async () => {
  const { emit, follow } = createEvents()
  const followed = follow(new AbortController().signal)
  for (let version = 1; version <= 257; version++) emit(saved(version))
  emit(saved(258))
  expect([(await followed.next()).value, (await followed.next()).value]).toEqual([
    { type: 'events.missed' },
    saved(258),
  ])
})
