import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import {
  createdWebhook,
  webhook,
  type webhookDelivery,
  webhookDeliveryPage,
  type webhookEvent,
  webhookList,
} from '../../../src/schemas/webhooks.ts'
import { command, request } from '../../api/request.ts'

export type Webhook = z.output<typeof webhook>
export type WebhookDelivery = z.output<typeof webhookDelivery>
export type WebhookEvent = z.output<typeof webhookEvent>

/** ms. What is on its way is looked at more often. */
const every = { calm: 20_000, waiting: 1_500 }

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks', 'list'],
  queryFn: ({ signal }) => request(webhookList, '/webhooks', { signal }),
  refetchInterval: ({ state }) =>
    state.data?.data.some(({ last }) => last?.state === 'pending') ? every.waiting : every.calm,
})

export const deliveriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', 'deliveries', id],
    queryFn: ({ pageParam, signal }) =>
      request(webhookDeliveryPage, `${pathOf(id)}/deliveries`, { query: { cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ data }) => data.some((one) => one.state === 'pending')) ? every.waiting : every.calm,
  })

export interface WebhookBody {
  url: string
  events: WebhookEvent[]
  secret?: string
}

export function useCreateWebhook() {
  return useWebhookMutation((body: WebhookBody) => request(createdWebhook, '/webhooks', { method: 'POST', body }))
}

export function useChangeWebhook(id: string) {
  return useWebhookMutation((body: WebhookBody) => request(webhook, pathOf(id), { method: 'PUT', body }))
}

export function useDeleteWebhook() {
  return useWebhookMutation((id: string) => command(pathOf(id), { method: 'DELETE' }))
}

export function useTestWebhook() {
  return useWebhookMutation((id: string) => command(`${pathOf(id)}/test`))
}

export function useSendAgain(id: string) {
  return useWebhookMutation((delivery: string) =>
    command(`${pathOf(id)}/deliveries/${encodeURIComponent(delivery)}/send-again`),
  )
}

function useWebhookMutation<Body, Answer>(mutationFn: (body: Body) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSettled: () => void client.invalidateQueries({ queryKey: ['webhooks'] }) })
}

function pathOf(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`
}
