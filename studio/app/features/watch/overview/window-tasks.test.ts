import { expect, test } from 'vitest'
import type { Measured } from './buckets.ts'
import { mostTasks, withinWindow } from './window-tasks.ts'

const at = (createdAt: number): Measured => ({
  ...{ id: String(createdAt), state: 'done', createdAt, startedAt: createdAt, endedAt: createdAt },
  ...{ inputTokens: 0, outputTokens: 0 },
})

test('what is older than the window is left out, and the window is whole where nothing else is', () => {
  const { tasks, ...found } = withinWindow([at(4), at(9), at(5)], 5, true)
  expect({ ...found, at: tasks.map(({ createdAt }) => createdAt) }).toEqual({ isWhole: true, since: 5, at: [9, 5] })
})

test('of more than are kept the oldest go, and it is said since when they are there', () => {
  const many = Array.from({ length: mostTasks + 2 }, (_, n) => at(n))
  const { tasks, ...found } = withinWindow(many, 0, true)
  expect({ ...found, count: tasks.length, newest: tasks[0]?.createdAt }).toEqual({
    isWhole: false,
    since: 2,
    count: mostTasks,
    newest: mostTasks + 1,
  })
})
