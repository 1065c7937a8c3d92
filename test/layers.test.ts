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
    'part-making',
    'asyncv',
    'calls',
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
  const imports = /^(?:import|export)\s[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('(\.[^']+)'\)/gm
  return [...text.matchAll(imports)].map((match) => ({ from: file, to: match[1] ?? match[2] ?? match[3] ?? '' }))
}

function roomOf(file: string): string {
  return relative('src', file).split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

function layerOf(file: string): number {
  return layers.findIndex((rooms) => rooms.includes(roomOf(file)))
}

/** Those of files beside, named from the root. */
function inside(imports: readonly Import[]): Import[] {
  return imports.filter(({ to }) => to.startsWith('.')).map(({ from, to }) => ({ from, to: join(dirname(from), to) }))
}

const core = sources('src')
const coreImports = inside(core.flatMap(importsOf))

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

const everything = ['src', 'migrations', 'connectors', 'providers', 'server', 'studio', 'cli', 'create-asyncv']

test('nowhere do files import each other in a circle, neither for types nor when they are needed', () => {
  // A route tells the generated tree of its types, and the tree imports it.
  const files = everything.flatMap(sources).filter((file) => !file.endsWith('.gen.ts'))
  const imported = new Map(files.map((file) => [file, inside(importsOf(file)).map(({ to }) => to)]))
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) {
      circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const next of imported.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  expect(circles).toEqual([])
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
