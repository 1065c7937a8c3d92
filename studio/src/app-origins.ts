import { isLoopback } from './http/loopback.ts'
import { StudioError } from './studio-error.ts'

/** Another host that has Studio's pages: what it is called in headers, and where links lead. */
export interface AppOrigin {
  /** As browsers say it, such as `https://pages.example`. */
  origin: string
  /** The same with the path under which the pages are, without a "/" at the end. */
  url: string
}

/**
 * The hosts whose pages may call Studio, each by itself: nothing here matches more than it says. Throws `config_invalid` with
 * the value. Https, or this machine: over the network a page without it could be anybody's, and has passwords typed into it.
 */
export function readAppOrigins(values: readonly string[], publicUrl: URL | null): AppOrigin[] {
  return values.map((value) => {
    const url = URL.canParse(value) ? new URL(value) : null
    const isPlain = url !== null && /^https?:$/.test(url.protocol) && !/[*?#@\\]/.test(value)
    if (!isPlain) {
      throw refused(
        value,
        'Write the scheme and the host of each, and the path if the pages are below one, such as "https://pages.example" or "https://pages.example/studio/".',
      )
    }
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
      throw refused(
        value,
        'Use https: without it, whoever is on the way could change the pages into which passwords are typed.',
      )
    }
    if (url.origin === publicUrl?.origin) {
      throw refused(value, 'That is where Studio itself is, whose own pages need no leave. Leave it out.')
    }
    if (url.protocol === 'https:' && publicUrl?.protocol === 'http:') {
      throw refused(
        value,
        `No browser lets a page of https call ${publicUrl.origin}. Put https in front of Studio, and say so with --public-url.`,
      )
    }
    return { origin: url.origin, url: (url.origin + url.pathname).replace(/\/+$/, '') }
  })
}

function refused(value: string, hint: string): StudioError {
  return new StudioError('config_invalid', `Studio’s pages would be at ${JSON.stringify(value)}.`, hint)
}
