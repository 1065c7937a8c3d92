import type { Environment } from '../settings/environment.ts'
import { words } from '../words/spoken.ts'
import { lookAtConfiguration } from './configuration.ts'
import { lookAtDatabase } from './database.ts'
import { error, type Finding, type Group, groups } from './finding.ts'
import { lookAtKeys } from './keys.ts'
import { lookForLeftovers } from './leftovers.ts'
import { lookAtMachine } from './machine.ts'
import { lookAtModes } from './modes.ts'
import { lookAtNetwork } from './network.ts'
import { lookAtParts } from './parts.ts'
import { lookAtProgram } from './program.ts'
import { lookAround, said } from './scene.ts'

export interface Examined extends Omit<Finding, 'repair'> {
  group: Group
  /** `--fix` can do something about it. */
  mendable: boolean
  /** What was done about it; null when nothing was. */
  done: string | null
  /** Why it could not be done. */
  failed: string | null
}

/** Looks at everything, and with `fix` mends what can be mended without losing anything. Never throws for what it finds. */
export async function examine(environment: Environment, { fix }: { fix: boolean }): Promise<Examined[]> {
  const scene = await lookAround(environment)
  const looks: [Group, () => Finding[] | Promise<Finding[]>][] = [
    ['program', lookAtProgram],
    ['configuration', () => lookAtConfiguration(scene)],
    ['parts', () => lookAtParts(scene)],
    ['parts', () => lookAtNetwork(scene)],
    ['files', () => lookAtModes(scene)],
    ['files', () => lookAtKeys(scene)],
    ['files', () => lookForLeftovers(scene)],
  ]
  const found: Examined[] = []
  const take = async (group: Group, look: () => Finding[] | Promise<Finding[]>): Promise<void> => {
    // A look that stumbles must not keep the others from being made.
    const findings = await Promise.resolve()
      .then(look)
      .catch((failure: unknown) => [error('doctor.stumbled', said(failure).text, words.doctor.stumbledFix)])
    for (const finding of findings) found.push(await mended(group, finding, fix))
  }
  let bytesPerDay: number | null = null
  await take('database', async () => {
    const { findings, bytesPerDay: grown } = await lookAtDatabase(scene)
    bytesPerDay = grown
    return findings
  })
  await take('machine', () => lookAtMachine(scene, bytesPerDay))
  for (const [group, look] of looks) await take(group, look)
  return found.sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group))
}

async function mended(group: Group, { repair, ...finding }: Finding, fix: boolean): Promise<Examined> {
  const examined = { ...finding, group, mendable: repair !== undefined, done: null, failed: null }
  if (!fix || repair === undefined) return examined
  try {
    return { ...examined, done: await repair() }
  } catch (failure) {
    return { ...examined, failed: said(failure).text }
  }
}
