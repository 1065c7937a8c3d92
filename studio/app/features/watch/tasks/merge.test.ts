import { expect, test } from 'vitest'
import { madeTask } from '../made.fixture.ts'
import type { Task, TaskState } from '../types.ts'
import { follows, type TaskPage, withChanged } from './merge.ts'

const taskOf = (id: string, state: TaskState = 'done') => madeTask({ id, state })
const pageOf = (tasks: Task[], nextCursor: string | null = 'more'): TaskPage => ({ data: tasks, nextCursor })
const ids = (pages: TaskPage[]): string[][] => pages.map((page) => page.data.map(({ id, state }) => `${id} ${state}`))

test('replaces what is known, puts what is new in front, and leaves other pages as they are', () => {
  const pages = [pageOf([taskOf('3', 'running'), taskOf('2')]), pageOf([taskOf('1')])]
  const next = withChanged(pages, [taskOf('5', 'queued'), taskOf('4'), taskOf('3')])
  expect(ids(next)).toEqual([['5 queued', '4 done', '3 done', '2 done'], ['1 done']])
  expect(next[1]).toBe(pages[1])
})

test('what is in another state than is asked for leaves, and what comes into it is put in order', () => {
  const pages = [pageOf([taskOf('4', 'failed'), taskOf('1', 'failed')])]
  const next = withChanged(pages, [taskOf('4', 'queued'), taskOf('2', 'failed'), taskOf('5', 'done')], 'failed')
  expect(ids(next)).toEqual([['2 failed', '1 failed']])
})

test('knows when between the newest and what is shown something is missing', () => {
  const pages = [pageOf([taskOf('1')])]
  expect(follows(pages, pageOf([taskOf('9'), taskOf('8')]))).toBe(false)
  expect(follows(pages, pageOf([taskOf('2'), taskOf('1')]))).toBe(true)
  expect(follows(pages, pageOf([taskOf('9')], null))).toBe(true)
})

test('what is older than all that is shown, and not at its end, comes with its own page', () => {
  const pages = [pageOf([taskOf('4', 'failed'), taskOf('3', 'failed')])]
  expect(ids(withChanged(pages, [taskOf('1', 'failed'), taskOf('5', 'failed')], 'failed'))).toEqual([
    ['5 failed', '4 failed', '3 failed'],
  ])
  const whole = [pageOf([taskOf('4', 'failed')], null)]
  expect(ids(withChanged(whole, [taskOf('1', 'failed')], 'failed'))).toEqual([['4 failed', '1 failed']])
})

test('a list that is left open while thousands come in begins anew', () => {
  const many = (count: number) => [pageOf(Array.from({ length: count }, (_, n) => taskOf(String(count - n))))]
  const newest = (count: number) => pageOf([taskOf(String(count + 1)), taskOf(String(count))])
  expect(follows(many(5_000), newest(5_000))).toBe(true)
  expect(follows(many(5_001), newest(5_001))).toBe(false)
})
