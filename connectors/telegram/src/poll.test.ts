import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { type Accepted, AsyncvError, type Connector, type ConnectorHost, type Inbound } from 'asyncv'
import { afterEach, expect, test, vi } from 'vitest'
import { telegram, type TelegramOptions } from './index.ts'
import { type FakeTelegram, fakeTelegram } from './testing/index.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

test('lets nobody in without `allow`, and tells once whom to add', async () => {
  const tg = await fake()
  const { taken, lines } = await start(tg, { allow: undefined })
  tg.say(7, 'hello', { first_name: 'Ada' })
  tg.say(7, 'anybody there?')
  const last = tg.say(8, 'hello')
  await vi.waitFor(() => expect(tg.confirmedOffset).toBe(last + 1))
  expect(taken).toEqual([])
  expect(lines('warn')).toEqual([
    expect.stringMatching(/person 7 wrote to @fake_bot.* put this into the options of the connector: allow: \[7\]$/),
    expect.stringMatching(/person 8 .*allow: \[8\]$/),
  ])
})

test('names those who are let in already in the line to add', async () => {
  const tg = await fake()
  const { taken, lines } = await start(tg, { allow: [7, '9'] })
  tg.say(7, 'hello')
  tg.say(8, 'hello')
  await vi.waitFor(() => expect(lines('warn')).toEqual([expect.stringMatching(/allow: \[7, 9, 8\]$/)]))
  expect(taken.map(({ person }) => person.id)).toEqual(['7'])
})

test('passes groups over, and says so once', async () => {
  const tg = await fake()
  const { taken, lines } = await start(tg)
  tg.say(-100, 'hello all')
  const last = tg.say(-100, 'hello again')
  await vi.waitFor(() => expect(tg.confirmedOffset).toBe(last + 1))
  expect(taken).toEqual([])
  expect(lines('info')).toEqual([expect.stringMatching(/groups and channels are passed over/)])
})

test('takes in a batch of many chats side by side, and moves the offset once, last', async () => {
  const tg = await fake()
  for (let chat = 1; chat <= 100; chat++) tg.say(chat, 'hello')
  const offers: { inbound: Inbound | null; state: string | undefined; at: number }[] = []
  let open = 0
  let width = 0
  await start(tg, {}, async (inbound, { state }) => {
    offers.push({ inbound, state: state?.value, at: tg.confirmedOffset })
    open += 1
    width = Math.max(width, open)
    await new Promise((resolve) => setTimeout(resolve, 5))
    open -= 1
    return accepted
  })
  await vi.waitFor(() => expect(tg.confirmedOffset).toBe(1_100))
  expect(width).toBe(99)
  expect(offers.filter(({ state }) => state !== undefined)).toEqual([
    { inbound: expect.objectContaining({ type: 'message' }), state: '1100', at: 1_000 },
  ])
  expect(offers).toHaveLength(100)
  expect(offers.at(-1)?.state).toBe('1100')
})

test('moves the offset with the message, when there is one', async () => {
  const tg = await fake()
  const states: unknown[] = []
  await start(tg, {}, async (inbound, { state }) => {
    states.push([inbound?.type, state])
    return accepted
  })
  tg.say(7, 'hello')
  await vi.waitFor(() => expect(tg.confirmedOffset).toBe(1_001))
  expect(states).toEqual([['message', { key: 'offset', value: '1001' }]])
})

test('passes over what the runtime will never take, with an error in the log', async () => {
  const tg = await fake()
  const { lines } = await start(tg, {}, async (inbound) => {
    if (inbound !== null) throw new AsyncvError('input_invalid', 'Never.')
    return null
  })
  tg.say(7, 'hello')
  await vi.waitFor(() => expect(tg.confirmedOffset).toBe(1_001))
  expect(lines('error')).toEqual([expect.stringMatching(/can never be taken in/)])
})

test.each([new AsyncvError('internal', 'A bug.'), new AsyncvError('storage_unreadable', 'The database is damaged.')])(
  'goes on offering what is refused for no fault of its own: $code',
  async (refusal) => {
    const tg = await fake()
    const taken: unknown[] = []
    let refusals = 0
    await start(tg, {}, async (inbound) => {
      if (refusals++ < 3) throw refusal
      taken.push(inbound)
      return accepted
    })
    tg.say(7, 'hello')
    await vi.waitFor(() => expect(tg.confirmedOffset).toBe(1_001))
    expect(taken).toMatchObject([{ type: 'message' }])
  },
)

test('goes on offering what failed for a reason that nobody foresaw', async () => {
  const tg = await fake()
  let tries = 0
  await start(tg, {}, async () => {
    tries += 1
    if (tries < 3) throw new TypeError('a bug')
    return accepted
  })
  tg.say(7, 'hello')
  await vi.waitFor(() => expect(tg.confirmedOffset).toBe(1_001))
  expect(tries).toBe(3)
})

test('removes a webhook, says so, and takes in what waited', async () => {
  const tg = await fake()
  tg.say(7, 'hello')
  tg.setWebhook('https://bot.example/hook?key=hidden')
  const { taken, lines } = await start(tg)
  await vi.waitFor(() => expect(taken).toHaveLength(1))
  expect(lines('warn')).toEqual([expect.stringMatching(/webhook .* was removed, no message was lost/)])
})

test('removes a webhook that is set while it polls', async () => {
  const tg = await fake()
  const { taken } = await start(tg)
  tg.setWebhook('https://bot.example/hook')
  tg.say(7, 'first')
  tg.say(7, 'second')
  await vi.waitFor(() => expect(taken.length).toBeGreaterThanOrEqual(2))
})

test('says when another program polls the same bot, and takes over once it is gone', async () => {
  const tg = await fake()
  const first = await start(tg)
  const second = await start(tg)
  await vi.waitFor(() => {
    const told = [...first.lines('warn'), ...second.lines('warn')]
    expect(told).toContainEqual(expect.stringMatching(/another program takes the messages of tg:4242/))
    const detail = expect.stringContaining('another program takes the messages')
    expect([...first.health, ...second.health]).toContainEqual({ ok: false, detail })
  })
  await second.connector.stop()
  const before = first.taken.length
  tg.say(7, 'hello')
  await vi.waitFor(() => expect(first.taken).toHaveLength(before + 1))
  await vi.waitFor(() => expect(first.health.at(-1)?.ok ?? true).toBe(true))
})

test('starts without a network, and polls once there is one', async () => {
  const gone = await fakeTelegram()
  const port = Number(new URL(gone.url).port)
  await gone.close()
  const { account, taken, lines, health } = await start(gone)
  expect(account).toBe('tg:4242')
  expect(health[0]).toEqual({ ok: false, detail: 'Telegram was not reached yet.' })
  expect(lines('warn')).toContainEqual(expect.stringMatching(/not reached yet/))
  const tg = await fakeTelegram({ port })
  closing.push(tg.close)
  tg.say(7, 'hello')
  await vi.waitFor(() => expect(taken).toHaveLength(1))
  await vi.waitFor(() => expect(health.at(-1)).toEqual({ ok: true }))
})

test('polls on after its connection was cut', async () => {
  const tg = await fake()
  const { taken } = await start(tg)
  tg.fault({ type: 'cut-before', method: 'getUpdates', times: 2 })
  tg.fault({ type: 'gateway', method: 'getUpdates', status: 502 })
  for (const text of ['one', 'two', 'three', 'four']) {
    tg.say(7, text)
    await vi.waitFor(() => expect(taken).toHaveLength(['one', 'two', 'three', 'four'].indexOf(text) + 1))
  }
})

test('refuses to start as another bot than its token says', async () => {
  const url = await scripted(({ method }) => (method === 'getMe' ? { id: 7, username: 'other' } : { url: '' }))
  const connector = telegram({ token: '4242:fake', apiRoot: url })
  closing.push(() => connector.close?.())
  await expect(connector.start(hostOf(async () => null).host)).rejects.toThrow(
    'of tg:4242, but the Bot API says it is of tg:7',
  )
})

test('follows update ids that begin anew below the old ones', async () => {
  const offsets: unknown[] = []
  const url = await scripted(({ method, parameters: { offset } }) => {
    if (method === 'getMe') return { id: 4_242, username: 'fake_bot' }
    if (method === 'getWebhookInfo') return { url: '' }
    offsets.push(offset)
    const ids: Record<string, number> = { '0': 90_000, '90001': 12 }
    return String(offset) in ids ? [{ update_id: ids[String(offset)] }] : []
  })
  await start({ url, token: '4242:fake' })
  await vi.waitFor(() => expect(offsets).toContain(13))
  expect(offsets.slice(0, 3)).toEqual([0, 90_001, 13])
})

test('shows the token in no line of the log', async () => {
  const tg = await fake()
  const { everything } = await start(tg, { allow: undefined })
  tg.fault({ type: 'cut-before', method: 'getUpdates' })
  tg.say(7, 'hello')
  tg.say(7, 'hello')
  await vi.waitFor(() => expect(tg.confirmedOffset).toBeGreaterThan(1_000))
  tg.revoke()
  tg.say(7, 'hello')
  await vi.waitFor(() => expect(everything()).toContain('is not accepted any more'))
  expect(everything()).not.toContain('fake-token')
})

test('leaves nothing behind that keeps the process alive', async () => {
  const tg = await fake()
  const program = `
    import { silentLogger } from 'asyncv'
    import { telegram } from '@asyncv/telegram'
    const connector = telegram({ token: '${tg.token}', apiRoot: '${tg.url}' })
    const host = { accept: async () => null, state: async () => null, logger: silentLogger, signal: new AbortController().signal }
    await connector.start(host)
    await connector.stop()
    await connector.close()
    console.log(Date.now())`
  const node = ['-C', '@asyncv/source', '--import', 'tsx', '--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, node, { cwd: import.meta.dirname, timeout: 20_000 })
  expect(Date.now() - Number(stdout)).toBeLessThan(2_000)
}, 30_000)

const accepted: Accepted = { message: 'm', task: 't', duplicate: false }

async function fake(): Promise<FakeTelegram> {
  const tg = await fakeTelegram()
  closing.push(tg.close)
  return tg
}

/** Starts a connector on a runtime that only notes what it is given. */
async function start(
  { url, token }: Pick<FakeTelegram, 'url' | 'token'>,
  options: Partial<TelegramOptions> = {},
  accept?: ConnectorHost['accept'],
): Promise<ReturnType<typeof hostOf> & { connector: Connector; account: string }> {
  const hosting = hostOf(accept)
  const connector = telegram({
    token,
    apiRoot: url,
    allow: 'everyone',
    backoff: { firstMs: 10, maxMs: 50 },
    ...options,
  })
  const { account } = await connector.start(hosting.host)
  closing.push(async () => {
    await connector.stop()
    await connector.close?.()
  })
  return { ...hosting, connector, account }
}

function hostOf(accept?: ConnectorHost['accept']) {
  const taken: Inbound[] = []
  const log: { level: string; fields: object; message: string }[] = []
  const level = (name: string) => (fields: object, message: string) => void log.push({ level: name, fields, message })
  const health: { ok: boolean; detail?: string }[] = []
  const host: ConnectorHost = {
    accept:
      accept ??
      (async (inbound) => {
        if (inbound !== null) taken.push(inbound)
        return inbound === null ? null : accepted
      }),
    state: async () => null,
    logger: { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') },
    signal: new AbortController().signal,
    health: (state) => void health.push(state),
  }
  return {
    host,
    health,
    taken,
    lines: (name: string) => log.filter((line) => line.level === name).map(({ message }) => message),
    everything: () => log.map(({ fields, message }) => `${message} ${inspectable(fields)}`).join('\n'),
  }
}

function inspectable(fields: object): string {
  return JSON.stringify(fields, (_key, value: unknown) =>
    value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value,
  )
}

/** A Bot API that answers by a script. */
async function scripted(
  answer: (call: { method: string; parameters: Record<string, unknown> }) => unknown,
): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const method = (request.url ?? '').split('/').at(-1) ?? ''
    const result = answer({ method, parameters: JSON.parse(body) as Record<string, unknown> })
    setTimeout(() => response.end(JSON.stringify({ ok: true, result })), 5)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
