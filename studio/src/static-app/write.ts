import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { builtApp } from '../built-app.ts'
import { isLoopback } from '../http/loopback.ts'
import { StudioError } from '../studio-error.ts'
import { pageFor } from './page.ts'

export interface StaticAppOptions {
  /** The origin at which browsers reach the service, such as `https://studio.example`. Https, or this machine. */
  api: string
  /** Where the files go; made when it is not there, and empty when it is. */
  out: string
  /** The path below which the host will have them; begins and ends with "/". Default "/". */
  base?: string
  /** The folder of the built web app. Default: that of this package. */
  app?: string
}

/**
 * Writes Studio's web app for a host that only has files: what was built, as it is, and its page, which names the service. The
 * page comes last, and once more as `404.html`, which many hosts give out for the addresses inside the app. Returns how
 * many files there are. Throws `config_invalid` with the value and the way out; then nothing is left in the folder.
 */
export async function writeStaticApp({ api, base = '/', ...given }: StaticAppOptions): Promise<number> {
  const place = { service: checkApi(api), base: checkBase(base) }
  const app = given.app ?? builtApp
  const out = resolve(given.out)
  const page = pageFor(place, await readBuilt(app))
  const found = await readdir(app, { recursive: true, withFileTypes: true })
  // A page that was compressed when it was built would be given out in place of this one.
  const files = found
    .filter((entry) => entry.isFile() && !/^index\.html/.test(entry.name))
    .map((entry) => relative(app, join(entry.parentPath, entry.name)))
  await checkEmpty(out)
  try {
    for (const folder of new Set(files.map(dirname))) await mkdir(join(out, folder), { recursive: true })
    for (const file of files) await copyFile(join(app, file), join(out, file))
    for (const name of ['404.html', 'index.html']) await writeFile(join(out, name), page)
  } catch (error) {
    await emptied(out)
    throw cannotWrite(out, error)
  }
  return files.length + 2
}

function checkApi(api: string): string {
  const url = URL.canParse(api) ? new URL(api) : null
  // Names that only a page's text could misunderstand are no names of hosts.
  const isOrigin = url !== null && url.href === `${url.origin}/` && /^https?:\/\/[\w.:[\]-]+$/.test(url.origin)
  if (!isOrigin) {
    throw new StudioError(
      'config_invalid',
      `The pages would call Studio at ${JSON.stringify(api)}.`,
      'Give --api the scheme, the host and the port if it has one, without a path, such as "https://studio.example".',
    )
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new StudioError(
      'config_invalid',
      `The pages would call Studio at ${JSON.stringify(api)}, without https: browsers let no page of https do that, and passwords would cross the network in the clear.`,
      'Put https in front of Studio, start it with --public-url, and give that address to --api.',
    )
  }
  return url.origin
}

function checkBase(base: string): string {
  if (/^\/((?!\.{1,2}\/)[\w.~-]+\/)*$/.test(base)) return base
  throw new StudioError(
    'config_invalid',
    `The pages would be below the path ${JSON.stringify(base)}.`,
    'Give --base a path that begins and ends with "/", such as "/studio/".',
  )
}

async function readBuilt(app: string): Promise<string> {
  try {
    return await readFile(join(app, 'index.html'), 'utf8')
  } catch (cause) {
    const hint = 'Run: npm run build -- studio'
    throw new StudioError('config_invalid', `The web app of Studio is not built: ${app} has no index.html.`, hint, {
      cause,
    })
  }
}

/** What is in it may be somebody's, and old files beside new ones would be given out, too. */
async function checkEmpty(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true })
  } catch (error) {
    throw cannotWrite(out, error)
  }
  const [first] = await readdir(out)
  if (first === undefined) return
  throw new StudioError(
    'config_invalid',
    `The folder ${out} is not empty: it has ${JSON.stringify(first)}.`,
    'Empty it, or give another one with --out.',
  )
}

async function emptied(out: string): Promise<void> {
  for (const name of await readdir(out)) await rm(join(out, name), { recursive: true, force: true })
}

function cannotWrite(out: string, cause: unknown): StudioError {
  const message = `Cannot write to ${out}: ${(cause as Error).message}.`
  return new StudioError('config_invalid', message, 'Give another folder with --out, or this one to this user.', {
    cause,
  })
}
