import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/**
 * The layers of the core, from the ground up; ground, nouns, ports, machinery, what lies
 * behind the ports, wiring, surface. A file may import from its own layer and those below, and never in a circle.
 */
const layers: readonly (readonly string[])[] = [
  ['errors', 'internal', 'schemas'],
  [
    'agent',
    'tool',
    'message',
    'session',
    'task',
    'delivery',
    'event',
    'texts',
    'logger',
    'key',
    'page',
    'file',
    'audit',
    'audit-chain',
    'secret',
  ],
  [
    'connector',
    'provider',
    'storage',
    'key-store',
    'keys',
    'audit-store',
    'audit-log',
    'secret-store',
    'trusted',
    'releasing',
    'release-store',
    'vault',
    'recorded-event',
    'file-store',
    'backend',
    'clock',
    'definition',
    'plugin',
    'options',
    'server-config',
    'operating',
    'api',
  ],
  ['inbox', 'lane', 'run', 'outbox', 'tally', 'event-feed', 'files', 'retention'],
  ['kysely', 'sqlite', 'blobs', 'offline', 'egress'],
  [
    'config',
    'config-file',
    'part-making',
    'asyncv',
    'life',
    'readiness',
    'runtime',
    'parts-in-force',
    'release',
    'connections',
    'reconnecting',
    'turns',
    'hooked',
    'observers',
    'event-log',
    'timeline',
    'open-keys',
    'open-audit',
    'open-secrets',
    'open-trust-notes',
    'plugin-life',
    'operate',
  ],
  ['index', 'testing'],
]

interface Import {
  from: string
  to: string
}

function sources(folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .filter((file) => !/\.test\.tsx?$/.test(file) && !file.includes('node_modules') && !file.includes('dist/'))
    .map((file) => join(folder, file))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^(?:import|export)\s[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm)].map((match) => ({
    from: file,
    to: match[1] ?? match[2] ?? '',
  }))
}

function roomOf(file: string): string {
  return relative('src', file).split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

function layerOf(file: string): number {
  return layers.findIndex((rooms) => rooms.includes(roomOf(file)))
}

const core = sources('src')
const coreImports = core
  .flatMap(importsOf)
  .filter(({ to }) => to.startsWith('.'))
  .map((found) => ({ ...found, to: join(dirname(found.from), found.to) }))

test('every room of the core has its layer', () => {
  expect(core.filter((file) => layerOf(file) === -1)).toEqual([])
})

test('inside the core, imports point downhill', () => {
  const uphill = coreImports.filter(({ from, to }) => layerOf(to) > layerOf(from))
  expect(uphill.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})

test('nothing inside the core imports the front page', () => {
  expect(coreImports.filter(({ to }) => to === 'src/index.ts')).toEqual([])
})

test('the core has no import cycles', () => {
  const graph = new Map(core.map((file) => [file, coreImports.filter(({ from }) => from === file).map(({ to }) => to)]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of core) visit(file, [])
  expect(cycles).toEqual([])
})

test.each([
  ['migrations', []],
  ['connectors', ['asyncv']],
  ['providers', ['asyncv']],
  ['server', ['asyncv']],
  ['studio/src', ['asyncv/schemas', '@asyncv/migrations']],
  ['studio/app', ['asyncv/schemas']],
  ['cli', ['asyncv', '@asyncv/server', '@asyncv/studio', '@asyncv/openai', '@asyncv/telegram', '@asyncv/migrations']],
  ['create-asyncv', ['@asyncv/cli']],
])('%s imports of ours only what it may', (folder, allowed: string[]) => {
  const ours = sources(folder)
    .flatMap(importsOf)
    .filter(({ to }) => /^(asyncv|@asyncv\/)/.test(to))
    // What tests stand on is not shipped.
    .filter(({ from }) => !from.endsWith('.fixture.ts'))
    .filter(({ to }) => !allowed.some((name) => to === name || to.startsWith(`${name}/`)))
  expect(ours.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
})
