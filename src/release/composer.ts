import type { Problem } from '../errors.ts'
import { canonicalJson } from '../internal/canonical-json.ts'
import type { PartDefinition } from '../part-making.ts'
import { type Code, compose, type Composed, type Made, type Refused } from './compose.ts'
import type { ReleaseGrants } from '../release-store.ts'
import type { ReleaseDocument } from '../schemas/release.ts'
import type { ReleasePorts } from './ports.ts'

/**
 * Composes a document with the types, secrets and code of one runtime, and what it shares with the parts in force of the
 * moment. `granted` is what the document was granted when it was applied before. Throws `input_invalid` for what is no JSON.
 */
export type Compose = (document: unknown, granted: ReleaseGrants | null) => Composed | Refused

/** Loads the types; what is composed then is composed at once, so that who uses it can count itself in at the same parts. */
export type Composer = () => Promise<Compose>

/** `made` gives the parts in force. */
export function composerOf({ options, wrap, builtIn }: ReleasePorts, code: Code, made: () => Made): Composer {
  const { vault, releases, plugins } = options
  const brought = plugins.flatMap(({ definitions }) => definitions)
  const isNew = ({ kind, type }: PartDefinition): boolean =>
    !brought.some((one) => one.kind === kind && one.type === type)
  return async () => {
    const others = (await builtIn()).filter(isNew)
    const ports = {
      code,
      vault,
      environment: releases?.environment ?? [],
      definitions: [...brought, ...others],
      prepare: releases?.prepare ?? ((release: ReleaseDocument) => release),
      wrap,
    }
    // From the text that is kept: what runs is what a restart finds, whatever the object is or becomes.
    return (document, granted) => {
      const text = canonicalJson(document)
      return text.includes(proto)
        ? { problems: [lost], fresh: [] }
        : compose(JSON.parse(text), made(), { ...ports, granted })
    }
  }
}

/** Only as a key it stands in front of a colon without a backslash. What reads objects passes it over, and would not run what was signed. */
const proto = '"__proto__":'
const lost: Problem = { pointer: '', detail: 'has a key "__proto__", which no part can have. Leave it out.' }
