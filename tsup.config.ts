import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

// One configuration for every package: what its `exports` and `bin` promise is what is built. Declarations come from
// `tsc`. Runs in the package's own folder.
const {
  exports = {},
  bin = {},
  optionalDependencies = {},
} = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports?: Record<string, string | { '@asyncv/source'?: string }>
  bin?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
const sources = Object.values(exports).flatMap((target) =>
  typeof target === 'object' && target['@asyncv/source'] !== undefined ? [target['@asyncv/source']] : [],
)
const commands = Object.values(bin).map((file) => file.replace('./dist/', './src/').replace(/\.js$/, '.ts'))

export default defineConfig({
  // tsup knows the other kinds of dependency by itself.
  external: Object.keys(optionalDependencies),
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
})
