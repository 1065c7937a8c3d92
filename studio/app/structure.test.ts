import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const app = import.meta.dirname

/** Every import of the app: from which file, to which file of the app or which package. */
const imports = readdirSync(app, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\.gen\.ts$/.test(file))
  .flatMap((from) =>
    [...readFileSync(join(app, from), 'utf8').matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map((match) => {
      const to = match[1] ?? ''
      return { from, to: to.startsWith('.') ? normalize(join(dirname(from), to)) : to }
    }),
  )

function broken(rule: (one: { from: string; to: string }) => boolean): string[] {
  return imports.filter(rule).map(({ from, to }) => `${from} → ${to}`)
}

test('primitives know neither router nor query, and nothing above them', () => {
  expect(
    broken(
      ({ from, to }) =>
        from.startsWith('ui/') &&
        (/^@tanstack\/react-(router|query|form)/.test(to) || /^(features|routes|shell|api)\//.test(to)),
    ),
  ).toEqual([])
})

test('features do not import each other, nor what frames them', () => {
  expect(
    broken(({ from, to }) => {
      const feature = /^features\/([^/]+)\//.exec(from)?.[1]
      const other = /^features\/([^/]+)\//.exec(to)?.[1]
      return feature !== undefined && ((other !== undefined && other !== feature) || /^(routes|shell)\//.test(to))
    }),
  ).toEqual([])
})

test('of the service the app takes schemas alone', () => {
  expect(broken(({ to }) => to.startsWith('../src/') && !to.startsWith('../src/schemas/'))).toEqual([])
})

test('what is heavy is loaded where it is first drawn', () => {
  const heavy = /^(@codemirror\/|@lezer\/|uplot|react-markdown|remark-gfm)/
  const lazy = [
    'ui/code-editor-view.tsx',
    'ui/text-difference.tsx',
    'ui/editor-looks.ts',
    'ui/chart-drawn.tsx',
    'ui/markdown-rendered.tsx',
  ]
  expect(broken(({ from, to }) => heavy.test(to) && !lazy.includes(from))).toEqual([])
  for (const file of lazy) expect(imports.some(({ from }) => from === file)).toBe(true)
})
