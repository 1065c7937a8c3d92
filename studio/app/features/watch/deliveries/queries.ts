import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { delivery } from 'asyncv/schemas'
import { ask, pageOf } from '../runtime-api.ts'
import type { Delivery, DeliveryState } from '../types.ts'
import type { DeliveryView } from './views.ts'

/** The states of a view, those that matter most first; none means all. The runtime lists one state at a time. */
const statesOf: Record<DeliveryView, readonly (DeliveryState | undefined)[]> = {
  attention: ['dead', 'held', 'uncertain'],
  open: ['sending', 'retrying', 'pending'],
  sent: ['sent'],
  discarded: ['discarded'],
  all: [undefined],
}

/** Of each state, at once. */
const atOnce = 100

/** Where each list of a view goes on; null where it has ended. */
type Cursors = readonly (string | null | undefined)[]

export interface DeliveryFilter {
  view: DeliveryView
  /** Of one task, whatever their state. */
  task?: string | undefined
}

/** What goes out, newest first; dead letters before what is uncertain. */
export const deliveryListQuery = (runtime: string, { view, task }: DeliveryFilter) => {
  const states = task === undefined ? statesOf[view] : statesOf.all
  return infiniteQueryOptions({
    queryKey: ['watch', runtime, 'deliveries', task === undefined ? view : { task }],
    async queryFn({ pageParam, signal }) {
      const pages = await Promise.all(
        states.map((state, at) => {
          const cursor = pageParam[at]
          if (cursor === null) return { data: [], nextCursor: null }
          const query = { limit: atOnce, state, task, cursor }
          return ask(pageOf(delivery), runtime, '/v1/deliveries', { query, signal })
        }),
      )
      return { data: pages.flatMap((page): Delivery[] => page.data), cursors: pages.map((page) => page.nextCursor) }
    },
    initialPageParam: [] as Cursors,
    getNextPageParam: ({ cursors }): Cursors | undefined => (cursors.some((one) => one !== null) ? cursors : undefined),
    staleTime: 2_000,
  })
}

export function useDeliveryAction(runtime: string, action: 'retry' | 'discard') {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      ask(delivery, runtime, `/v1/deliveries/${encodeURIComponent(id)}/${action}`, { method: 'POST' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['watch', runtime] }),
  })
}
