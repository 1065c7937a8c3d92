/**
 * `npm run build`: what is published, of every package or of those that are named (`npm run build -- studio`). With `--older`
 * JavaScript that is newer than its source stays as it is; declarations are made in any case.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildJavaScript, isJavaScriptOld } from './javascript.ts'
import { packages } from './packages.ts'
import { root, startTool, succeeded } from './tool.ts'
import { isWebAppOld, startWebAppBuild } from './web-app.ts'

const { values, positionals } = parseArgs({ options: { older: { type: 'boolean' } }, allowPositionals: true })
const unknown = positionals.filter((name) => !packages.includes(name))
if (unknown.length > 0) {
  console.error(`There is no package ${unknown.join(', ')}. Known: ${packages.join(', ')}.`)
  process.exit(2)
}
const wanted = positionals.length === 0 ? packages : packages.filter((name) => positionals.includes(name))
const all = values.older !== true

try {
  // Side by side: none reads what another writes.
  await Promise.all(wanted.filter((name) => all || isJavaScriptOld(name)).map(buildJavaScript))
  if (wanted.includes('studio') && (all || isWebAppOld())) await succeeded(startWebAppBuild())
  // In order: a declaration names those of the packages that its own stands on.
  for (const name of wanted) {
    await succeeded(startTool('typescript', ['-p', 'tsconfig.build.json'], { cwd: join(root, name) }))
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
