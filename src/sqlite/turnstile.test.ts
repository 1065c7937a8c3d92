import { expect, test } from 'vitest'
import { Turnstile } from './turnstile.ts'

test('a turnstile lets the first one in at once', () => {
  expect(new Turnstile().enter()).toBeNull()
})

test('a turnstile lets the others in one by one, in the order of asking', async () => {
  const turnstile = new Turnstile()
  const entered: number[] = []
  turnstile.enter()
  const second = turnstile.enter()?.then(() => entered.push(2))
  const third = turnstile.enter()?.then(() => entered.push(3))
  turnstile.leave()
  await second
  expect(entered).toEqual([2])
  turnstile.leave()
  await third
  expect(entered).toEqual([2, 3])
})

test('a turnstile is free when the last one has left', () => {
  const turnstile = new Turnstile()
  turnstile.enter()
  turnstile.leave()
  expect(turnstile.enter()).toBeNull()
})

test('nobody slips in between one who leaves and the one who waits', () => {
  const turnstile = new Turnstile()
  turnstile.enter()
  turnstile.enter()
  turnstile.leave()
  expect(turnstile.enter()).not.toBeNull()
})
