import { z } from 'zod'
import { command, request, type RequestOptions } from '../../api/request.ts'

/** Asks the runtime `id` through Studio, which knows its key: `ask(task, id, '/v1/tasks/…')`. Throws as `request` does. */
export function ask<Schema extends z.ZodType>(schema: Schema, id: string, path: string, options?: RequestOptions) {
  return request(schema, `${throughStudio(id)}${path}`, options)
}

/** The same, where nothing is expected back but that it worked. */
export function operate(id: string, path: string): Promise<void> {
  return command(`${throughStudio(id)}${path}`)
}

/** Where a runtime's own routes are in Studio's API. */
export function throughStudio(id: string): string {
  return `/runtimes/${encodeURIComponent(id)}`
}

/** A list of the runtime's, a page of it. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() })
}

/** Items of one page, at most: what the runtime gives. */
export const pageSize = 500
