import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'

export interface FileHost {
  port: number
  close(): Promise<void>
}

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

/**
 * A host that only has files, the plainest that there is: no header of its own but the type, and for what is not there
 * `404.html` with that status, as Pages do. `/elsewhere.html` is a page of somebody else.
 */
export async function openFileHost(folder: string, base: string): Promise<FileHost> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname))
    const give = (status: number, type: string, content: string | Buffer): void => {
      response.writeHead(status, { 'content-type': type }).end(content)
    }
    if (path === '/elsewhere.html') return give(200, 'text/html', '<!doctype html><title>Elsewhere</title>')
    const name = path.startsWith(base) ? path.slice(base.length) || 'index.html' : '404.html'
    readFile(join(folder, name)).then(
      (content) => give(200, types[extname(name)] ?? 'application/octet-stream', content),
      async () => give(404, 'text/html; charset=utf-8', await readFile(join(folder, '404.html'))),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
