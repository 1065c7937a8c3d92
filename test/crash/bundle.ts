import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '../..')

/** A mistake put into one file of the bundle, to see that it would be caught. */
export interface Defect {
  file: RegExp
  right: string
  wrong: string
}

/** The command and the suite's configuration as plain JavaScript, made once, so that a process starts in a blink. */
export async function bundleCommand(defect: Defect | null = null): Promise<{ command: string; config: string }> {
  // Inside node_modules, so that what is not bundled is found, and nothing looks at it as source.
  const outdir = join(root, 'node_modules', defect === null ? '.crash' : '.crash-defect')
  mkdirSync(outdir, { recursive: true })
  await build({
    entryPoints: { command: join(root, 'cli/src/main.ts'), config: join(import.meta.dirname, 'config.ts') },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@asyncv/source'],
    plugins: [
      ...(defect === null ? [] : [seed(defect)]),
      {
        name: 'only-ours',
        setup(builder) {
          builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path === 'asyncv' || path.startsWith('asyncv/') || path.startsWith('@asyncv/')
              ? undefined
              : { path, external: true },
          )
        },
      },
    ],
    logLevel: 'error',
  })
  return { command: join(outdir, 'command.mjs'), config: join(outdir, 'config.mjs') }
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
