import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

/**
 * Makes plain JavaScript of our own programs, once, so that each process starts in a blink and runs as fast as what is
 * published. `folder` is a name inside node_modules: there what is not bundled is found, and nothing looks at it as source.
 */
export async function bundle(
  entryPoints: Record<string, string>,
  folder: string,
  plugins: Plugin[] = [],
): Promise<(entry: string) => string> {
  const outdir = join(import.meta.dirname, '..', 'node_modules', folder)
  mkdirSync(outdir, { recursive: true })
  await build({
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@asyncv/source'],
    plugins: [...plugins, onlyOurs],
    logLevel: 'error',
  })
  return (entry) => join(outdir, `${entry}.mjs`)
}

const onlyOurs: Plugin = {
  name: 'only-ours',
  setup(builder) {
    builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path === 'asyncv' || path.startsWith('asyncv/') || path.startsWith('@asyncv/')
        ? undefined
        : { path, external: true },
    )
  },
}
