import { useContext, useState } from 'react'
import { useSetSecret } from '../../api/runtime-parts.ts'
import { fieldError, tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useFormats, useWords } from '../../words/words.tsx'
import { FormContext, type Vault } from './schema/context.ts'

export interface SecretDialogProps {
  name: string
  /** What it is: "API key". */
  label: string
  vault: Vault
  onClose(): void
}

/** Asks for the value of a secret and hands it to the vault of the runtime, bound to where it is used. It is kept nowhere else. */
export function SecretDialog({ name, label, vault, onClose }: SecretDialogProps) {
  const words = useWords()
  const formats = useFormats()
  const set = useSetSecret(vault.runtime.id)
  const origins = useContext(FormContext)?.origins ?? []
  const [value, setValue] = useState('')
  const [isTried, setTried] = useState(false)
  const known = vault.secrets.find((one) => one.name === name)
  // What goes to the official address alone needs no binding of its own, unless it had another one.
  const isUsual = known?.origins == null && origins.every((one) => one === vault.official)
  const told = set.error ? tell(set.error, words) : null
  const submit = (): void => {
    setTried(true)
    if (value === '') return
    set.mutate(
      { name, value, ...(isUsual || origins.length === 0 ? {} : { origins: [...origins] }) },
      {
        onSuccess() {
          setValue('')
          toast(words.parts.secretSet(name, vault.runtime.name))
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={known ? words.parts.replaceTitle(name) : words.parts.setTitle(name)}
      text={words.parts.secretText(vault.runtime.name)}
      onSubmit={submit}
      actions={
        <>
          <Button onClick={onClose}>{words.ui.cancel}</Button>
          <Button type="submit" variant="primary" pending={set.isPending}>
            {words.parts.sendSecret}
          </Button>
        </>
      }
    >
      {told && (
        <Notice kind="danger">
          {told.title} {told.text}
        </Notice>
      )}
      <TextField
        label={label}
        type="password"
        mono
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={setValue}
        error={isTried && value === '' ? words.ui.required : fieldError(set.error, '/value')}
      />
      <KeyValue
        entries={[
          [words.parts.secretName, <Code key="name">{name}</Code>],
          [words.parts.secretOrigins, origins.length === 0 ? null : formats.list(origins)],
          [words.parts.secretBefore, known?.fingerprint ? <Code key="before">{known.fingerprint}</Code> : null],
        ]}
      />
    </Dialog>
  )
}
