import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { constructedStyles } from './constructed-styles.ts'
import { precompressed } from './precompressed.ts'
import { withoutJsonSchema } from './without-json-schema.ts'

/** Where `vite` finds the service while the app is being worked on; `vite build` does not need it. */
const service = 'http://127.0.0.1:7410'

const drawnByMost =
  /app[\\/](ui[\\/](page-header|status|time|toolbar|code|copy-button|load-more|way-up)|shell[\\/]title)\.tsx?$|lucide-react[\\/]dist[\\/]esm[\\/]icons[\\/](x|check|copy|ellipsis|arrow-down|arrow-up|trash-2|chevron-left)\.mjs$/

export default defineConfig({
  root: import.meta.dirname,
  publicDir: 'app/public',

  resolve: { conditions: ['@asyncv/source', 'module', 'browser', 'development|production'] },
  plugins: [
    tanstackRouter({
      target: 'react',
      routesDirectory: `${import.meta.dirname}/app/routes`,
      generatedRouteTree: `${import.meta.dirname}/app/routeTree.gen.ts`,
      autoCodeSplitting: true,
      // What a page reads comes with the page: no other page's schemas are in the first load.
      codeSplittingOptions: { defaultBehavior: [['loader', 'component'], ['errorComponent'], ['notFoundComponent']] },
      addExtensions: true,
      disableLogging: true,
    }),
    react(),
    tailwindcss(),
    withoutJsonSchema(),
    constructedStyles(),
    precompressed(),
  ],
  experimental: {
    // Scripts and styles find each other wherever they are, so that a path in front takes no other build; see `src/static-app`.
    renderBuiltUrl: (_, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2023',
    // Data: URLs would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // A release of Studio seldom changes it, so browsers keep it.
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 2 },
            // What every page needs is one file and not a hundred, which also compresses better.
            { name: 'app', tags: ['$initial'], priority: 1 },
            // Small things that most pages draw: each by itself would be a request.
            { name: 'page', test: drawnByMost, priority: 1 },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', port: 7411, proxy: { '/api': service } },
})
