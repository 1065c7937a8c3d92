import { CommandError } from '../failure.ts'
import { words } from '../words/spoken.ts'

/** How long a service may take to answer what it only has to look up. ms. */
export const lookUpMs = 30_000

/** An answer that began, and has no end. */
export class CutAnswer extends Error {
  override readonly name = 'CutAnswer'
}

/**
 * A request to a service, and its whole answer. Throws a `CommandError` when it leads elsewhere, or takes longer than
 * `waitMs` (default: as long as it takes), a `CutAnswer`, or what `fetch` throws where nothing answers.
 */
export async function request(
  url: string,
  init: RequestInit,
  waitMs?: number,
): Promise<{ response: Response; text: string }> {
  try {
    const response = await fetchHere(url, init, waitMs)
    const text = await response.text().catch((error: Error) => {
      throw error.name === 'TimeoutError' ? error : new CutAnswer()
    })
    return { response, text }
  } catch (error) {
    if (waitMs === undefined || (error as Error).name !== 'TimeoutError') throw error
    throw new CommandError(words.service.hangs(new URL(url).origin, waitMs / 1_000), words.service.isItBusy, 1)
  }
}

/**
 * `fetch` that is not led elsewhere: what is sent may be a message or a secret, and the key would be left behind. Throws a
 * `CommandError` that names where it would go.
 */
export async function fetchHere(url: string, init: RequestInit, waitMs?: number): Promise<Response> {
  const limit = waitMs === undefined ? {} : { signal: AbortSignal.timeout(waitMs) }
  const response = await fetch(url, { ...init, ...limit, redirect: 'manual' })
  const location = response.headers.get('location')
  if (response.status < 300 || response.status >= 400 || location === null) return response
  const from = new URL(url)
  const to = URL.canParse(location, from.href) ? new URL(location, from).origin : ''
  throw new CommandError(words.service.redirects(from.origin, to), words.service.nameThat, 1)
}
