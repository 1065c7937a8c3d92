import type { Role } from './schemas/role.ts'
import type { OpenedStudio } from './studio.fixture.ts'

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered, for the test to look at
  body: any
  headers: Headers
}

/** As a page of Studio asks: with its cookies and its origin. */
export interface Browser {
  cookies: Map<string, string>
  /** A body is sent as JSON, a text as it is. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** The same without reading the answer. */
  fetch(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response>
}

export function browserOf(url: string): Browser {
  const cookies = new Map<string, string>()
  const browser: Browser = {
    cookies,
    async fetch(method, path, body, headers = {}, signal) {
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          origin: url,
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      })
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
        if (value === '' || /max-age=0/i.test(cookie)) cookies.delete(name)
        else cookies.set(name, value)
      }
      return response
    },
    async ask(...request) {
      const response = await browser.fetch(...request)
      const text = await response.text()
      const isJson = /json(;|$)/.test(response.headers.get('content-type') ?? '')
      return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
    },
  }
  return browser
}

export const passwordOf = (login: string): string => `the password of ${login}`

/** A browser in which the first account, `ann`, has just been made. */
export async function signUp({
  studio,
  url,
}: {
  studio: Pick<OpenedStudio['studio'], 'firstRunPath'>
  url: string
}): Promise<Browser> {
  const browser = browserOf(url)
  const token = (await studio.firstRunPath())?.split('#')[1]
  const made = await browser.ask('POST', '/api/first-run', {
    token,
    login: 'ann',
    name: 'Ann',
    password: passwordOf('ann'),
  })
  if (made.status !== 200) throw new Error(`No first account: ${JSON.stringify(made.body)}`)
  return browser
}

/** A browser of somebody whom an administrator has invited. */
export async function invite(
  admin: Browser,
  url: string,
  login: string,
  role: Role,
): Promise<Browser & { id: string }> {
  const { body: user } = await admin.ask('POST', '/api/users', { login, name: login, role })
  const { body: invitation } = await admin.ask('POST', `/api/users/${user.id}/invitation`)
  const browser = browserOf(url)
  const token = String(invitation.link).split('#')[1]
  const taken = await browser.ask('POST', '/api/invitations', { token, password: passwordOf(login) })
  if (taken.status !== 200) throw new Error(`The invitation was not taken: ${JSON.stringify(taken.body)}`)
  return { ...browser, id: user.id }
}
