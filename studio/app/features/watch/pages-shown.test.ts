import { InfiniteQueryObserver, QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { pagesShown } from './pages-shown.ts'

test('a list that is on the page counts by its pages, and what is not on it does not', async () => {
  const client = new QueryClient()
  const list = (queryKey: string[]) =>
    new InfiniteQueryObserver(client, {
      queryKey,
      queryFn: async ({ pageParam }) => pageParam,
      initialPageParam: 1,
      getNextPageParam: (last: number) => last + 1,
    })
  expect(pagesShown(client, [['sessions']])).toBe(1)
  const sessions = list(['sessions'])
  const leave = sessions.subscribe(() => {})
  for (let page = 0; page < 3; page++) await sessions.fetchNextPage()
  expect(sessions.getCurrentResult().data?.pages).toHaveLength(3)
  expect(pagesShown(client, [['tasks'], ['sessions']])).toBe(3)
  leave()
  expect(pagesShown(client, [['tasks'], ['sessions']])).toBe(1)
})
