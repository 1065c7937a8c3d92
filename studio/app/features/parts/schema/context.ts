import { type ComponentType, createContext, useContext } from 'react'
import type { Path } from '../../../api/content.ts'
import type { SecretInfo } from '../../../api/runtime-parts.ts'
import type { Schema } from './shape.ts'

/** What every field of a form needs, however deep it stands. */
export interface FormContext {
  /** The whole schema, with its definitions. */
  root: Schema
  /** Where the form stands in the item; the path of a field leads on from there. */
  place: Path
  readOnly: boolean
  errorAt(path: Path): string | undefined
  /** Where secrets are kept; `null` where no runtime can be asked. */
  vault: Vault | null
  /** For a secret that has no name yet. */
  suggestName(path: Path): string
  /** Where what is set here sends its secrets. */
  origins: readonly string[]
  /** Draws a field that stands in another one. Given here, since fields hold fields of every kind. */
  Field: ComponentType<FieldOf>
}

export interface Vault {
  runtime: { id: string; name: string }
  secrets: readonly SecretInfo[]
  maySet: boolean
  /** Where a secret goes that nobody has bound: the official address of the type. */
  official: string | null
}

export const FormContext = createContext<FormContext | null>(null)

export function useFormContext(): FormContext {
  const context = useContext(FormContext)
  if (context === null) throw new Error('Draw fields inside of a SchemaForm.')
  return context
}

/** The props of one field. */
export interface FieldOf {
  schema: Schema
  path: Path
  value: unknown
  /** `undefined` leaves it out, so that the default holds. */
  onChange(value: unknown): void
  isRequired: boolean
  /** What it is called where names are free, as it is written: a header is no option that we have words for. */
  name?: string
  /** The place says already what it is called. */
  hideLabel?: boolean
}
