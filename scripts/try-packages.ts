/**
 * Packs every package as it would be published, looks at it with publint, installs all of them in an empty folder, and
 * imports each public path there, at run time and in TypeScript.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packages, readManifest } from './packages.ts'

/** How much longer than `node -e 0` the command may take to say its version: what it loads for nothing shows here. ms. */
const startUpMs = 60

const folder = mkdtempSync(join(tmpdir(), 'asyncv-packages-'))
try {
  const tarballs = pack()
  for (const tarball of tarballs) await lint(tarball)
  const paths = packages.flatMap((source) => {
    const { name, exports } = readManifest(source)
    return (
      Object.keys(exports)
        // Programs run for ever when they are imported.
        .filter((path) => !path.endsWith('.json') && !path.endsWith('/serve'))
        .map((path) => name + path.slice(1))
    )
  })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }))
  // The native driver was built by our own install; building it again would take minutes and test nothing of ours.
  run(
    'npm',
    'install',
    '--ignore-scripts',
    '--omit=optional',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    ...tarballs,
  )
  const native = resolve('node_modules/better-sqlite3')
  const place = join(folder, 'node_modules/better-sqlite3')
  if (existsSync(native) && !existsSync(place)) symlinkSync(native, place)

  writeFileSync(join(folder, 'import.mjs'), paths.map((path) => `await import(${JSON.stringify(path)})`).join('\n'))
  run('node', 'import.mjs')
  writeFileSync(join(folder, 'use.ts'), usage(paths))
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
  symlinkSync(resolve('node_modules/@types/node'), join(folder, 'node_modules/@types/node'))
  // An optional peer whose types stand in a declaration of @asyncv/openai.
  symlinkSync(resolve('node_modules/openai'), join(folder, 'node_modules/openai'))
  const options = '--noEmit --strict --skipLibCheck false --module nodenext --target es2023 --types node'.split(' ')
  run(resolve('node_modules/.bin/tsc'), ...options, 'use.ts')
  const times = Array.from({ length: 10 }, () => ({
    bare: timeOf('node', '-e', '0'),
    command: timeOf(join(place, '../.bin/asyncv'), '--version'),
  }))
  // The quickest of each: others use the machine, too.
  const more = Math.min(...times.map(({ command }) => command)) - Math.min(...times.map(({ bare }) => bare))
  console.log(`asyncv --version takes ${more.toFixed(0)} ms more than node -e 0 (wanted ${startUpMs})`)
  if (more > startUpMs) throw new Error('asyncv --version takes too long: what does it load?')
  console.log(`${packages.length} packages, ${paths.length} public paths imported`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** All of them by one process of npm, which takes longer to start than to pack. Gives their paths. */
function pack(): string[] {
  const names = packages.filter((source) => source !== '.').map((source) => `--workspace=${source}`)
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '--include-workspace-root', ...names],
    { encoding: 'utf8' },
  )
  const files = (JSON.parse(packed) as { filename: string }[]).map(({ filename }) => join(folder, filename))
  if (files.length !== packages.length) throw new Error(`${packages.length} packages, and ${files.length} packed`)
  return files
}

/** As `publint --strict` does with the file that would be published. */
async function lint(tarball: string): Promise<void> {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball)
  const { messages, pkg } = await publint({
    pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer },
    strict: true,
  })
  for (const message of messages) console.log(`${pkg['name']}: ${message.type}: ${formatMessage(message, pkg)}`)
  if (messages.some(({ type }) => type === 'error')) throw new Error(`publint finds fault with ${tarball}`)
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], timeout: 180_000 })
}

/** ms. */
function timeOf(command: string, ...args: string[]): number {
  const begun = performance.now()
  execFileSync(command, args, { cwd: folder, stdio: 'ignore', timeout: 60_000 })
  return performance.now() - begun
}

/** A file that imports everything and would not compile if the types of the front page were missing. */
function usage(paths: string[]): string {
  const imports = paths.map((path, index) => `import * as m${index} from '${path}'`)
  return [
    ...imports,
    `import { createAsyncv, type Asyncv } from 'asyncv'`,
    `const made: Asyncv = createAsyncv({ agents: [{ name: 'a', model: 'offline/demo' }] })`,
    `// @ts-expect-error: an agent needs a model`,
    `createAsyncv({ agents: [{ name: 'a' }] })`,
    `export const all = [made, ${paths.map((_, index) => `m${index}`).join(', ')}]`,
  ].join('\n')
}
