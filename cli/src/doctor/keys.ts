import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { keyFiles, operatorKeyFile, trustFile } from '../key-files/key-files.ts'
import { readOperatorKey } from '../key-files/operator-key.ts'
import { KnownRuntimes } from '../release/known-runtimes.ts'
import { readPublisher, Sequences } from '../release/publisher.ts'
import { trustOf } from '../release/trust-file.ts'
import { words } from '../words/spoken.ts'
import { error, type Finding } from './finding.ts'
import { said, type Scene } from './scene.ts'

type KeyFileName = (typeof keyFiles)[number]

/** Whether the files with keys hold what they should: some are asked only when somebody starts or deploys. */
export async function lookAtKeys({ database }: Scene): Promise<Finding[]> {
  if (database === ':memory:') return []
  const looks: Partial<Record<KeyFileName, () => unknown>> = {
    [operatorKeyFile]: () => readOperatorKey(database),
    'publisher.key': () => readPublisher(database),
    'publisher.json': () => new Sequences(database).last('', ''),
    'known-runtimes.json': () => new KnownRuntimes(database).check('', ''),
    [trustFile]: () => trustOf(database)?.publishers(),
  }
  const found: Finding[] = []
  for (const name of keyFiles) {
    const look = looks[name]
    const file = join(dirname(database), name)
    // What is told of by its mode is not told of twice.
    if (look === undefined || !isReadable(file) || (name === trustFile && isWritten(file))) continue
    await Promise.resolve()
      .then(look)
      .catch((failure: unknown) => {
        const { text, hint } = said(failure)
        const code = name === trustFile ? 'trust.unusable' : 'key.unusable'
        found.push(error(code, text, hint ?? words.files.cannotUseHint))
      })
  }
  return found
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK)
    return existsSync(file)
  } catch {
    return false
  }
}

/** By others than its owner. */
function isWritten(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o022) !== 0
}
