import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** A runtime serves whoever has its keys, and knows none of them by name: neither in its code nor in what it says. */
test.each(['src', 'server/src'])('nothing in %s knows Studio', (folder) => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    // What its own tests write is no part of it.
    .filter((file) => /\.(ts|tsx|json|css|html)$/.test(file) && !/\.(test|fixture)\.ts$/.test(file))
  expect(files.length).toBeGreaterThan(50)
  const known = files.flatMap((file) =>
    readFileSync(join(root, folder, file), 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        /studio/i.test(line.replaceAll(/LM Studio/g, '')) ? [`${file}:${at + 1}: ${line.trim()}`] : [],
      ),
  )
  expect(known).toEqual([])
})

test('none of its tables is named after it either', () => {
  const folder = join(root, 'migrations/src/runtime')
  for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file), 'utf8'), file).not.toMatch(/studio/i)
})
