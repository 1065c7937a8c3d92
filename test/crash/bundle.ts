import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import { bundle } from '../bundle.ts'

/** A mistake put into one file of the bundle, to see that it would be caught. */
export interface Defect {
  file: RegExp
  right: string
  wrong: string
}

/** How long bundling may take, on a machine that has other things to do. ms. */
export const bundleMs = 120_000

/** What is native, or finds files beside itself. */
const apart = /^(node:|better-sqlite3$|jiti$|chokidar$)/

/**
 * The command and the suite's configuration, in few files: it is started some hundred times here, and what is tested is not how
 * it is loaded.
 */
export async function bundleCommand(defect: Defect | null = null): Promise<{ command: string; config: string }> {
  const entries = {
    command: join(import.meta.dirname, '../../cli/src/main.ts'),
    config: join(import.meta.dirname, 'config.ts'),
  }
  const file = await bundle(entries, defect === null ? '.crash' : '.crash-defect', {
    plugins: defect === null ? [] : [seed(defect)],
    outside: (specifier) => apart.test(specifier),
  })
  return { command: file('command'), config: file('config') }
}

function seed({ file, right, wrong }: Defect): Plugin {
  return {
    name: 'defect',
    setup(builder) {
      builder.onLoad({ filter: file }, ({ path }) => {
        const source = readFileSync(path, 'utf8')
        if (!source.includes(right)) throw new Error(`The defect does not fit ${path} any more: ${right}`)
        return { contents: source.replace(right, wrong), loader: 'ts' }
      })
    },
  }
}
