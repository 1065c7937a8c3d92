import type { ServerContext } from '@modelcontextprotocol/server'
import type { StreamEvent } from 'asyncv'

/** Hosts show progress to people: more often than this nobody could read it. ms. */
const everyMs = 100

export interface Progress {
  take(event: StreamEvent): Promise<void>
  /** Sends what is still held back. */
  end(): Promise<void>
}

const silent: Progress = { take: async () => {}, end: async () => {} }

/**
 * Tells a host that asked for it how an answer comes along. `progress` counts the characters written so far, over all
 * model calls, since it may only grow; `message` holds those that are new, or the tool that is called.
 */
export function progressOf({ mcpReq }: ServerContext): Progress {
  const progressToken = mcpReq._meta?.progressToken
  if (progressToken === undefined) return silent
  let progress = 0
  let held = ''
  let saidAt = 0

  async function say(message: string): Promise<void> {
    saidAt = performance.now()
    progress += message.length
    await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
  }

  async function end(): Promise<void> {
    if (held === '') return
    const message = held
    held = ''
    await say(message)
  }

  return {
    async take(event) {
      if (event.type === 'text.delta' || event.type === 'text.snapshot') held += event.text
      if (event.type === 'text.reset') held = ''
      if (event.type === 'tool.started') {
        await end()
        return say(`Calls ${event.name}.`)
      }
      if (performance.now() - saidAt >= everyMs) await end()
    },
    end,
  }
}
