import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { connectorStatus, installed, partTest, secretInfo, status } from 'asyncv/schemas'
import { z } from 'zod'
import { modelList } from '../../src/schemas/models.ts'
import { patience } from './patience.ts'
import { request } from './request.ts'

/** What a runtime is made of, and what it is doing with it: asked through Studio, with the rights of who is signed in. */

export type Installed = z.output<typeof installed>
export type Status = z.output<typeof status>
export type PartTest = z.output<typeof partTest>
export type SecretInfo = z.output<typeof secretInfo>

/** ms; where nothing tells of changes. */
const calmMs = 10_000

/** A runtime that was away may be back: a form that it has to tell of is drawn then without a reload. */
const untilAnswered = ({ state }: { state: { status: string } }): number | false =>
  state.status === 'error' ? calmMs : false

/** The types of connectors and model services, and the tools, that are installed there. They change when it is started anew. */
export const installedQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['runtime', runtime, 'installed'],
    queryFn: ({ signal }) => request(installed, `${pathOf(runtime)}/admin/v1/types`, { signal }),
    staleTime: 60_000,
    refetchInterval: untilAnswered,
  })

export const statusQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['runtime', runtime, 'status'],
    queryFn: ({ signal }) => request(status, `${pathOf(runtime)}/admin/v1/status`, { signal }),
    refetchInterval: calmMs,
  })

/** Takes an editor. */
export const modelsQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['runtime', runtime, 'models'],
    queryFn: ({ signal }) => request(modelList, `${pathOf(runtime)}/models`, { signal }),
    staleTime: 60_000,
  })

/** What the vault has, by name; never a value. Takes an editor. */
export const secretsQuery = (runtime: string) =>
  queryOptions({
    queryKey: ['runtime', runtime, 'secrets'],
    queryFn: ({ signal }) =>
      request(z.object({ data: z.array(secretInfo) }), `${pathOf(runtime)}/admin/v1/secrets`, { signal }),
    refetchInterval: untilAnswered,
  })

/** Sends a value to the vault. Nothing here keeps it. Takes an operator. */
export function useSetSecret(runtime: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, ...body }: { name: string; value: string; origins?: string[] | null }) =>
      request(secretInfo, `${pathOf(runtime)}/admin/v1/secrets/${encodeURIComponent(name)}`, { method: 'PUT', body }),
    // Without this the value would stay with the mutation for a while.
    gcTime: 0,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['runtime', runtime] }),
        client.invalidateQueries({ queryKey: ['check'] }),
      ]),
  })
}

/** Takes an operator. */
export function useTestPart(runtime: string, kind: 'connector' | 'provider') {
  return useMutation({
    mutationFn: (name: string) =>
      request(partTest, `${pathOf(runtime)}/admin/v1/${kind}s/${encodeURIComponent(name)}/test`, { method: 'POST' }),
  })
}

/** Takes an operator. */
export function useSwitchConnector(runtime: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, to }: { name: string; to: 'start' | 'stop' }) =>
      request(connectorStatus, `${pathOf(runtime)}/admin/v1/connectors/${encodeURIComponent(name)}/${to}`, {
        method: 'POST',
        timeoutMs: patience.connector,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['runtime', runtime, 'status'] }),
  })
}

function pathOf(runtime: string): string {
  return `/runtimes/${encodeURIComponent(runtime)}`
}
