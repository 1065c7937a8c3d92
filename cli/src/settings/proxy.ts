import type { Environment } from './environment.ts'

export interface Proxies {
  http?: string
  https?: string
  /** Hosts and domains, each with a port or without, separated by commas; or `*`. */
  noProxy: string
}

/** The proxies of the environment, under their usual names; never for this machine itself. */
export function proxyOf(env: Environment): Proxies | null {
  const http = env['HTTP_PROXY'] ?? env['http_proxy']
  const https = env['HTTPS_PROXY'] ?? env['https_proxy']
  if (http === undefined && https === undefined) return null
  return {
    ...(http === undefined ? {} : { http }),
    ...(https === undefined ? {} : { https }),
    noProxy: exceptions(env['NO_PROXY'] ?? env['no_proxy'] ?? ''),
  }
}

/** As curl and undici take them: `*` is everything, but to undici only alone; and only brackets tell an IPv6 address from a port. */
function exceptions(given: string): string {
  const hosts = given.split(/[,\s]+/).filter((host) => host !== '')
  if (hosts.includes('*')) return '*'
  return ['localhost', '127.0.0.1', '::1', ...hosts].map(asInUrls).join(',')
}

/** Only an IPv6 address is a host between brackets. */
function asInUrls(host: string): string {
  const url = `http://[${host}]`
  return URL.canParse(url) ? new URL(url).hostname : host
}

/** A configuration's value, where parts that say nothing about a proxy use those of the environment. */
export function withProxies(config: unknown, env: Environment): unknown {
  const proxies = proxyOf(env)
  if (proxies === null || typeof config !== 'object' || config === null) return config
  const { providers, connectors } = config as { providers?: unknown; connectors?: unknown }
  return {
    ...config,
    ...(providers === undefined ? {} : { providers: filled(providers, { openai: () => proxies }) }),
    ...(connectors === undefined
      ? {}
      : { connectors: filled(connectors, { telegram: (options) => proxyFor(options['apiRoot'], proxies) }) }),
  }
}

type Options = Record<string, unknown>

/** The configuration is not checked yet, so it may be anything; what is no part with options is left for the check. */
function filled(parts: unknown, proxyOfType: Record<string, (options: Options) => unknown>): unknown {
  if (typeof parts !== 'object' || parts === null || Array.isArray(parts)) return parts
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => {
      const { type, options = {} } = Object(part) as { type?: unknown; options?: unknown }
      const proxy = typeof type === 'string' && isOptions(options) ? proxyOfType[type]?.(options) : undefined
      if (proxy === undefined || (options as Options)['proxy'] !== undefined) return [name, part]
      return [name, { ...part, options: { ...(options as Options), proxy } }]
    }),
  )
}

function isOptions(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One proxy for one address, or none where the environment says so. */
export function proxyFor(apiRoot: unknown, { http, https, noProxy }: Proxies): string | undefined {
  const url = new URL(typeof apiRoot === 'string' && URL.canParse(apiRoot) ? apiRoot : 'https://api.telegram.org')
  const isDirect = noProxy === '*' || noProxy.split(',').some((exception) => covers(exception, url))
  return isDirect ? undefined : url.protocol === 'https:' ? https : http
}

/** A domain covers what is below it as well. */
function covers(exception: string, { hostname, port, protocol }: URL): boolean {
  const [, host = exception, only] = /^(.+):(\d+)$/.exec(exception) ?? []
  if (only !== undefined && only !== (port || (protocol === 'https:' ? '443' : '80'))) return false
  return `.${hostname}`.endsWith(`.${host.replace(/^\*?\./, '').toLowerCase()}`)
}
