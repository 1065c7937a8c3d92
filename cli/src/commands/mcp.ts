import type { McpCaller } from '@asyncv/server'
import { talk } from '../output.ts'
import type { Flags } from '../tree/command.ts'
import { findService } from '../calling/service.ts'
import { words } from '../words/spoken.ts'

/** `asyncv mcp`: for hosts that start a command and talk to it. Whatever is for people goes to stderr. */
export async function run(flags: Flags): Promise<void> {
  const { serveMcpStdio } = await import('@asyncv/server')
  const { RefusedByService } = await import('../calling/remote-caller.ts')
  const { caller, story, close } = await begin(flags)
  for (const line of story) talk(`asyncv: ${line}`, flags)
  const ended = new AbortController()
  const end = (): void => ended.abort()
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  const describe = (error: unknown) => (error instanceof RefusedByService ? error.problem : null)
  try {
    await serveMcpStdio(caller, { signal: ended.signal, describe })
  } finally {
    process.off('SIGTERM', end)
    process.off('SIGINT', end)
    await close()
  }
}

interface Served {
  caller: McpCaller
  /** In lines for people: hosts show them in their logs. */
  story: string[]
  close(): Promise<void>
}

async function begin(flags: Flags): Promise<Served> {
  const service = await findService(flags, process.env)
  if (service !== null) {
    const { remoteCaller } = await import('../calling/remote-caller.ts')
    const caller = await remoteCaller(service)
    return { caller, story: [words.mcp.bridge(service.url)], close: async () => {} }
  }
  const [{ createAsyncv }, { localCaller }, { loadSettings }] = await Promise.all([
    import('asyncv'),
    import('@asyncv/server'),
    import('../settings/settings.ts'),
  ])
  const settings = await loadSettings({}, process.env)
  // A host that was opened must not take over the bots of the configuration.
  const asyncv = createAsyncv({ ...settings.asyncv, connectors: {}, routes: [] })
  await asyncv.start()
  return {
    caller: localCaller(asyncv),
    story: [words.mcp.here, ...settings.story],
    close: () => asyncv.stop({ drainMs: 0 }),
  }
}
