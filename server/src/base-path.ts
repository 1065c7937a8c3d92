import { getPath } from 'hono/utils/url'

/**
 * How a service below a path, such as `/assistant`, finds its routes: they are written as if it stood at the root. What is
 * asked for elsewhere gets a path that no route has.
 */
export function pathBelow(basePath: string): (request: Request) => string {
  if (basePath === '') return getPath
  return (request) => {
    const path = getPath(request)
    return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : `/${path}`
  }
}
