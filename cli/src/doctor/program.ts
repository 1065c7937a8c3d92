import { allowsSeveralConnections, openSqlite } from '@asyncv/migrations'
import { words } from '../words/spoken.ts'
import { error, type Finding, ok, warning } from './finding.ts'
import { said } from './scene.ts'

/** What package.json says in `engines`. */
const leastNode = [20, 19] as const

/** Node, and the SQLite that it can load. */
export async function lookAtProgram(): Promise<Finding[]> {
  return [node(process.versions.node), await sqlite()]
}

export function node(version: string): Finding {
  const { doctor } = words
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1])
  const least = leastNode.join('.')
  return isOld
    ? error('node.old', doctor.nodeOld(version, least), doctor.nodeOldFix(least))
    : ok('node', doctor.node(version))
}

async function sqlite(): Promise<Finding> {
  const { doctor } = words
  try {
    const connection = await openSqlite(':memory:')
    const { driver, version } = connection
    connection.close()
    return allowsSeveralConnections(version)
      ? ok('sqlite', doctor.sqlite(driver, version))
      : warning('sqlite.old', doctor.sqliteOld(driver, version), doctor.sqliteOldFix)
  } catch (failure) {
    const { text, hint } = said(failure)
    return error('sqlite.missing', text, hint ?? doctor.sqliteOldFix)
  }
}
