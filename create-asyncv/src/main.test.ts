import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')

test('npm create asyncv is asyncv init, in the folder that is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asyncv-create-'))
  const node = ['-C', '@asyncv/source', '--import', import.meta.resolve('tsx'), join(root, 'create-asyncv/src/main.ts')]
  const create = (args: string[]) => spawnSync(process.execPath, [...node, ...args], { cwd: folder, encoding: 'utf8' })
  expect(create(['my-bot', '--yes', '--model', 'offline'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('cd my-bot'),
  })
  expect(readdirSync(join(folder, 'my-bot')).sort()).toEqual(['.gitignore', 'asyncv.config.ts'])
  expect(create(['my-bot', '--yse'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--yes') })
  rmSync(folder, { recursive: true })
})
