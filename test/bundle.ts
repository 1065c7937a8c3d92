import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

export interface BundleOptions {
  plugins?: Plugin[]
  /**
   * What stays a module of its own: by default everything that is not ours, as in what is published. The fewer there are, the
   * sooner a process has started.
   */
  outside?: (specifier: string) => boolean
}

/**
 * Makes plain JavaScript of our own programs, once, so that each process starts in a blink and runs as fast as what is
 * published. `folder` is a name inside node_modules: there what is not bundled is found, and nothing looks at it as source.
 */
export async function bundle(
  entryPoints: Record<string, string>,
  folder: string,
  { plugins = [], outside = isForeign }: BundleOptions = {},
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
    // What is CommonJS inside asks for modules of Node by it.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)",
    },
    plugins: [...plugins, leave(outside)],
    logLevel: 'error',
  })
  return (entry) => join(outdir, `${entry}.mjs`)
}

function isForeign(specifier: string): boolean {
  return !/^(@asyncv\/|asyncv($|\/))/.test(specifier)
}

function leave(outside: (specifier: string) => boolean): Plugin {
  return {
    name: 'outside',
    setup(builder) {
      builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
        kind !== 'entry-point' && outside(path) ? { path, external: true } : undefined,
      )
    },
  }
}
