import type { Context, Hono } from 'hono'
import { Problem } from './problem.ts'

/** Why no route took a request: there is no such path, or the path takes other methods. */
export function unmatched({ routes }: Pick<Hono, 'routes'>, { method, path, url }: Context['req']): Problem {
  const segments = path.split('/')
  const methods = routes
    .filter((route) => route.method !== 'ALL' && matches(route.path.split('/'), segments))
    .flatMap((route) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
  if (methods.length === 0) {
    return unknownRoute(new URL(url).pathname)
  }
  const allowed = [...new Set(methods)].join(', ')
  return new Problem('method_refused', `${new URL(url).pathname} does not take ${method}.`, {
    hint: `It takes ${allowed}.`,
    headers: { Allow: allowed },
  })
}

export function unknownRoute(path: string): Problem {
  return new Problem('route_unknown', `There is no ${path} here.`, { hint: 'See /openapi.json for what there is.' })
}

function matches(pattern: string[], segments: string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
  )
}
