import type { PartDefinition } from '../part-making.ts'
import { type Code, compose, type Composed, type Made, type Refused } from './compose.ts'
import type { ReleasePorts } from './ports.ts'

/** Composes a document with the types, secrets and code of one runtime; `made` gives the parts in force at that moment. */
export type Compose = (document: unknown) => Promise<Composed | Refused>

export function composerOf({ options, wrap, builtIn }: ReleasePorts, code: Code, made: () => Made): Compose {
  const { vault, releases, plugins } = options
  const brought = plugins.flatMap(({ definitions }) => definitions)
  const isNew = ({ kind, type }: PartDefinition): boolean =>
    !brought.some((one) => one.kind === kind && one.type === type)
  return async (document) => {
    const others = (await builtIn()).filter(isNew)
    return compose(document, made(), {
      code,
      vault,
      environment: releases?.environment ?? [],
      definitions: [...brought, ...others],
      prepare: releases?.prepare ?? ((release) => release),
      wrap,
    })
  }
}
