import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const states: Record<string, string> = { 完成: 'done', 部分完成: 'half', 未开始: 'open' }

/** The table of packages in a document: name, what it is, state. */
function packagesIn(file: string): string[][] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  const head = lines.findIndex((line) => /^\| (package|包) \|/.test(line))
  const rows = lines.slice(head + 2)
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** Those of the workspaces that are published. */
function published(): string[] {
  const { workspaces } = read('package.json')
  return (workspaces as string[])
    .flatMap((folder) =>
      folder.endsWith('/*')
        ? readdirSync(join(root, folder.slice(0, -2))).map((name) => folder.replace('*', name))
        : [folder],
    )
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => read(`${folder}/package.json`)['name'] as string)
}

function read(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, unknown>
}

test('README and the plan say the same of each package, and leave none out', () => {
  const readme = packagesIn('README.md')
  expect(readme).toEqual(packagesIn('docs/DEVELOPMENT_PLAN.md'))
  expect(readme.map(([name]) => name?.replaceAll('`', '')).sort()).toEqual(published().sort())
  for (const [name, , state] of readme) expect(Object.values(states), name).toContain(state)
})

test('the Chinese README has the same packages in the same states', () => {
  const names = (rows: string[][]) => rows.map(([name]) => name)
  const chinese = packagesIn('README.zh-CN.md')
  expect(names(chinese)).toEqual(names(packagesIn('README.md')))
  expect(chinese.map(([, , state]) => states[state ?? ''])).toEqual(packagesIn('README.md').map(([, , state]) => state))
})
