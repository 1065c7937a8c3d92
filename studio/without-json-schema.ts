import type { Plugin } from 'vite'

/**
 * Leaves out of the app what zod writes JSON Schemas with: services do that, pages never, and each schema holds on to it, so
 * that no bundler can see it. It is 6 KB, compressed, of what a first visit waits for.
 */
export function withoutJsonSchema(): Plugin {
  return {
    name: 'without-json-schema',
    apply: 'build',
    transform: {
      filter: { id: /zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/ },
      handler(code) {
        const names = [...code.matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)].map(([, name]) => name)
        return { code: names.map((name) => `export function ${name}() {}`).join('\n'), map: null }
      },
    },
  }
}
