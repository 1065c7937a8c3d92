import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'
import { licensesOf } from './scripts/licenses.ts'

// One configuration for every package: what its `exports` and `bin` promise is what is built. Declarations come from
// `tsc`. Runs in the package's own folder.
const {
  exports = {},
  bin = {},
  dependencies = {},
  optionalDependencies = {},
} = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports?: Record<string, string | { '@asyncv/source'?: string }>
  bin?: Record<string, string>
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
const sources = Object.values(exports).flatMap((target) =>
  typeof target === 'object' && target['@asyncv/source'] !== undefined ? [target['@asyncv/source']] : [],
)
const commands = Object.values(bin).map((file) => file.replace('./dist/', './src/').replace(/\.js$/, '.ts'))

// Libraries that are no dependency of a package but of its development become part of what is built: a process that starts
// loads one file of ours in less time than it finds their hundreds. These are inside, too, and dependencies all the same, since
// our declarations name their types.
const alsoInside = ['kysely', 'hono', '@hono/node-server'].filter((name) => name in dependencies)

export default defineConfig({
  // tsup knows the other kinds of dependency by itself.
  external: Object.keys(optionalDependencies),
  noExternal: alsoInside,
  entry: [...new Set([...sources, ...commands])],
  outDir: 'dist',
  format: 'esm',
  target: 'node20',
  platform: 'node',
  splitting: true,
  sourcemap: true,
  // Studio's web app is built by Vite, into a folder of its own.
  clean: ['!app/**'],
  dts: false,
  // What is CommonJS inside a program asks for Node's modules by `require`. Libraries have none inside, and some run in browsers.
  banner:
    commands.length === 0
      ? {}
      : { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);" },
  esbuildPlugins: [licensesOf('dist/third-party-licenses.txt')],
})
