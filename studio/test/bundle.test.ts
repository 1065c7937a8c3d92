import { readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { builderVariables } from './built-app.ts'

const folder = join(import.meta.dirname, '../dist/app')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => join(parentPath, name))
  // These hold what is beside them, compressed.
  .filter((file) => !/\.(br|gz)$/.test(file))

test('what browsers are given holds nothing of who built it: no variable, no folder, no sources', () => {
  expect(files.length).toBeGreaterThan(10)
  const root = join(import.meta.dirname, '../..')
  const telling = [...Object.values(builderVariables), root, homedir(), 'sourceMappingURL=', 'sourcesContent']
  const told = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8')
    return telling.filter((one) => text.includes(one)).map((one) => `${file}: ${one}`)
  })
  expect(told).toEqual([])
  expect(files.filter((file) => file.endsWith('.map'))).toEqual([])
})
