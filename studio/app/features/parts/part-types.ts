import type { Installed } from '../../api/runtime-parts.ts'

export type PartKind = 'connector' | 'provider'
export type PartType = Installed['types'][number]

/** The types of a kind that are installed; `null` where no runtime tells. */
export function typesOf(installed: Installed | undefined, kind: PartKind): PartType[] | null {
  return installed?.types.filter((one) => one.kind === kind) ?? null
}
