import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Plugin } from 'esbuild'

/** Puts the licenses of all libraries that became part of a build into a file beside it, as they ask for; none, no file. */
export function licensesOf(file: string): Plugin {
  return {
    name: 'licenses',
    setup(build) {
      build.initialOptions.metafile = true
      build.onEnd(({ metafile }) => {
        const folders = new Set(Object.keys(metafile?.inputs ?? {}).flatMap((input) => packageFolder(input) ?? []))
        if (folders.size === 0) return
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, [...folders].sort().map(licenseOf).join('\n\n'))
      })
    },
  }
}

function packageFolder(input: string): string | null {
  const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input) ?? []
  return folder === undefined ? null : resolve(folder)
}

interface Manifest {
  name: string
  version: string
  license?: string
  repository?: string | { url?: string }
}

/** Throws for a package that names no license: nobody may pass it on. */
function licenseOf(folder: string): string {
  const { name, version, license, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Manifest
  if (license === undefined) throw new Error(`${name} names no license: it may not become part of a build.`)
  const heading = `${name} ${version} (${license})`
  const text = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (text !== undefined) return `${heading}\n\n${readFileSync(join(folder, text), 'utf8').trim()}`
  // Some bring no text along.
  return `${heading}\n\n${(typeof repository === 'object' ? repository.url : repository) ?? ''}`
}
