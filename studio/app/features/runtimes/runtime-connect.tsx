import { useForm } from '@tanstack/react-form'
import type { ReactNode } from 'react'
import type { Runtime } from '../../../src/schemas/runtime.ts'
import { boundTo } from '../../api/bound-field.ts'
import { tellUnplaced } from '../../api/problem.ts'
import { CodeLine } from '../../ui/code.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useDraft } from '../../ui/draft.ts'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { type Identity, useSaveRuntime } from './queries.ts'

export interface RuntimeConnectProps {
  /** The one that is changed; `null` connects another. */
  runtime: Runtime | null
  identity: Identity
  onClose(): void
}

const fresh = { name: '', url: 'http://127.0.0.1:7400', managementUrl: 'http://127.0.0.1:7401' }

/** The key needs this much, and no more. */
const keyCommand = "asyncv keys create studio --scopes invoke,read,operate,configure --space '*'"

export default function RuntimeConnect({ runtime, identity, onClose }: RuntimeConnectProps) {
  const words = useWords()
  const save = useSaveRuntime(runtime?.id ?? null)
  const first = runtime ? pick(runtime) : fresh
  const draft = useDraft(`runtime:${runtime?.id ?? 'new'}`, first)
  const form = useForm({
    // The key is a secret: no draft keeps it.
    defaultValues: { ...draft.value, key: '' },
    listeners: { onChange: ({ formApi }) => draft.set(pick(formApi.state.values)) },
    onSubmit: ({ value: { key, ...rest } }) =>
      save.mutate(key === '' ? rest : { ...rest, key }, {
        onSuccess() {
          draft.clear()
          toast(runtime ? words.runtimes.saved : words.runtimes.connected)
          onClose()
        },
      }),
  })
  const discard = (): void => {
    draft.clear()
    form.reset({ ...first, key: '' })
  }
  const isNew = runtime === null
  const told = tellUnplaced(save.error, ['name', 'url', 'managementUrl', 'key'], words)
  const filled = ({ value }: { value: string }) => (value.trim() === '' ? words.ui.required : undefined)
  const address = ({ value }: { value: string }) =>
    /^https?:\/\/./.test(value) && URL.canParse(value) ? undefined : words.runtimes.addressShape
  return (
    <FormDialog
      onClose={onClose}
      title={isNew ? words.runtimes.connectTitle : words.runtimes.edit}
      text={isNew ? words.runtimes.connectText : undefined}
      draft={{ restored: draft.restored, discard }}
      onSubmit={() => void form.handleSubmit()}
      act={isNew ? words.runtimes.connect : words.ui.save}
      pending={save.isPending}
      wrong={
        told && (
          <>
            {told.title}
            {told.text && <span className="block">{told.text}</span>}
          </>
        )
      }
    >
      {isNew && (
        <ol className="flex flex-col gap-3 text-sm">
          <Step
            n={1}
            text={words.runtimes.trustText}
            command={identity.trustCommand}
            hint={
              <>
                {words.runtimes.fingerprint} <span className="font-mono text-ink">{identity.fingerprint}</span>
                <span className="block">{words.runtimes.fingerprintHint}</span>
              </>
            }
          />
          <Step n={2} text={words.runtimes.keyCommand} command={keyCommand} />
        </ol>
      )}
      <form.Field name="name" validators={{ onSubmit: filled }}>
        {(field) => (
          <TextField
            label={words.runtimes.name}
            hint={words.runtimes.nameHint}
            autoFocus
            autoComplete="off"
            {...boundTo(field, save.error, words)}
          />
        )}
      </form.Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <form.Field name="url" validators={{ onSubmit: address }}>
          {(field) => (
            <TextField
              label={words.runtimes.url}
              hint={words.runtimes.urlHint}
              type="url"
              mono
              autoComplete="off"
              {...boundTo(field, save.error, words)}
            />
          )}
        </form.Field>
        <form.Field name="managementUrl" validators={{ onSubmit: address }}>
          {(field) => (
            <TextField
              label={words.runtimes.managementUrl}
              hint={words.runtimes.managementUrlHint}
              type="url"
              mono
              autoComplete="off"
              {...boundTo(field, save.error, words)}
            />
          )}
        </form.Field>
      </div>
      <form.Field name="key" validators={isNew ? { onSubmit: filled } : {}}>
        {(field) => (
          <TextField
            label={words.runtimes.key}
            hint={isNew ? words.runtimes.keyHint : words.runtimes.keyKept}
            optional={!isNew}
            type="password"
            mono
            autoComplete="off"
            {...boundTo(field, save.error, words)}
          />
        )}
      </form.Field>
    </FormDialog>
  )
}

function pick({ name, url, managementUrl }: typeof fresh): typeof fresh {
  return { name, url, managementUrl }
}

function Step({ n, text, command, hint }: { n: number; text: string; command: string; hint?: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span className="grid size-5 shrink-0 place-items-center rounded-full bg-chosen font-medium text-xs">{n}</span>
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        {text}
        <CodeLine text={command} />
        {hint && <p className="text-faint text-xs">{hint}</p>}
      </div>
    </li>
  )
}
