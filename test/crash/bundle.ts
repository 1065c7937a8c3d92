import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../..')

/** The command and the suite's configuration as plain JavaScript, made once, so that a process starts in a blink. */
export async function bundleCommand(): Promise<{ command: string; config: string }> {
  // Inside node_modules, so that what is not bundled is found, and nothing looks at it as source.
  const outdir = join(root, 'node_modules/.crash')
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
