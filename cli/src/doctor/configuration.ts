import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { words } from '../words/spoken.ts'
import { error, type Finding, note, ok } from './finding.ts'
import { said, type Scene } from './scene.ts'

/** Where the configuration comes from, and whether a start would take it. */
export function lookAtConfiguration({ file, directory, settings, broken, env }: Scene): Finding[] {
  const { doctor } = words
  const findings: Finding[] = []
  const variables = Object.keys(env).filter((name) => name.startsWith('ASYNCV_') && name !== 'ASYNCV_LANG')
  if (settings !== null) {
    const agents = settings.agents.join(', ')
    findings.push(
      file === null
        ? note('config.none', doctor.noConfig(agents), doctor.noConfigFix)
        : ok('config', doctor.config(file, agents)),
    )
  } else {
    const { text, hint } = said(broken)
    findings.push(error('config.invalid', text, hint ?? doctor.configFix))
  }
  const from = existsSync(join(directory, '.env')) ? doctor.dotEnv(join(directory, '.env')) : null
  if (variables.length > 0) findings.push(note('config.variables', doctor.variables(variables.sort(), from)))
  return findings
}
