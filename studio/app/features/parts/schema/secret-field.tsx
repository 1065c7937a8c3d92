import { KeyRound } from 'lucide-react'
import { secretName } from 'asyncv/schemas'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Combobox } from '../../../ui/combobox.tsx'
import { Status } from '../../../ui/status.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import { SecretDialog } from '../secret-dialog.tsx'
import { type FieldOf, useFormContext, type Vault } from './context.ts'

export interface SecretFieldProps extends FieldOf {
  label: string
  hint: string | undefined
}

/** The name of a secret, and whether the vault has it. Its value is asked for elsewhere, and never comes here. */
export function SecretField({ path, value, onChange, isRequired, label, hint }: SecretFieldProps) {
  const words = useWords()
  const { readOnly, errorAt, vault, suggestName } = useFormContext()
  const [isOpen, setOpen] = useState(false)
  const name = secretName(value)
  const put = (next: string | null): void => onChange(next === null || next === '' ? undefined : { $secret: next })
  const usable = name ?? suggestName(path)
  const known = vault?.secrets.find((one) => one.name === usable)
  return (
    <div className="flex max-w-xl flex-col gap-1.5">
      <div className="flex flex-wrap items-end gap-2">
        <Combobox
          className="min-w-40 flex-1"
          label={label}
          free
          disabled={readOnly}
          optional={!isRequired}
          placeholder={suggestName(path)}
          value={name}
          onChange={put}
          choices={(vault?.secrets ?? []).map((one) => ({ value: one.name, label: one.name }))}
        />
        {vault?.maySet && !readOnly && (
          <Button
            icon={<KeyRound className="size-4" aria-hidden />}
            onClick={() => {
              if (name === null) put(usable)
              setOpen(true)
            }}
          >
            {known ? words.parts.replaceSecret : words.parts.setSecret}
          </Button>
        )}
      </div>
      {/* That the vault does not have it is said below, with the way out that there is here. */}
      {errorAt(path) && (known || vault === null) && <p className="text-danger text-xs">{errorAt(path)}</p>}
      {name !== null && vault !== null ? (
        <SecretState name={name} vault={vault} />
      ) : (
        <p className="text-faint text-xs">{hint ?? words.parts.secretHint}</p>
      )}
      {isOpen && vault && <SecretDialog name={usable} label={label} vault={vault} onClose={() => setOpen(false)} />}
    </div>
  )
}

function SecretState({ name, vault }: { name: string; vault: Vault }) {
  const words = useWords().parts
  const formats = useFormats()
  const { origins } = useFormContext()
  const known = vault.secrets.find((one) => one.name === name)
  if (!known) {
    return (
      <p className="text-xs">
        <Status kind="warn" long>
          {words.secretMissing(vault.runtime.name)}
        </Status>
      </p>
    )
  }
  const bound = known.origins ?? (vault.official === null ? null : [vault.official])
  const abroad = bound === null ? [] : origins.filter((one) => !bound.includes(one))
  if (abroad.length > 0) {
    return (
      <p className="text-warn text-xs" role="status">
        {words.secretAbroad(formats.list(bound ?? []), formats.list(abroad))}
      </p>
    )
  }
  return (
    <p className="text-xs">
      <Status kind="ok" long>
        {known.fingerprint === null
          ? words.secretShut
          : words.secretKept(vault.runtime.name, known.version, known.fingerprint)}
      </Status>
    </p>
  )
}
