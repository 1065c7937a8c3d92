import { useForm } from '@tanstack/react-form'
import { webhookEvents } from '../../../src/schemas/webhooks.ts'
import { boundTo } from '../../api/bound-field.ts'
import { fieldError, tellUnplaced } from '../../api/problem.ts'
import { sayProblem } from '../../api/say-problem.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useDraft } from '../../ui/draft.ts'
import { ShownOnce } from '../../ui/shown-once.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import { useChangeWebhook, useCreateWebhook, type Webhook, type WebhookEvent } from './queries.ts'

export interface WebhookFormProps {
  /** The one that is changed; `null` makes another. */
  webhook: Webhook | null
  onClose(): void
}

/** Where to, of what, and once after it was made: the secret. */
export default function WebhookForm({ webhook, onClose }: WebhookFormProps) {
  const words = useWords()
  const create = useCreateWebhook()
  const change = useChangeWebhook(webhook?.id ?? '')
  const save = webhook ? change : create
  const first = { url: webhook?.url ?? '', events: webhook?.events ?? ([...webhookEvents] as WebhookEvent[]) }
  const draft = useDraft(`webhook:${webhook?.id ?? 'new'}`, first)
  const form = useForm({
    // The secret is one: no draft keeps it.
    defaultValues: { ...draft.value, secret: '' },
    listeners: {
      onChange: ({ formApi }) => {
        const { url, events } = formApi.state.values
        draft.set({ url, events })
      },
    },
    onSubmit: ({ value: { secret, ...rest } }) =>
      save.mutate(secret === '' ? rest : { ...rest, secret }, {
        onSuccess() {
          draft.clear()
          if (webhook === null) return
          toast(words.webhooks.saved)
          onClose()
        },
      }),
  })
  const discard = (): void => {
    draft.clear()
    form.reset({ ...first, secret: '' })
  }
  if (create.data) {
    const { secretReady, secretReadyText } = words.webhooks
    return <ShownOnce title={secretReady} text={secretReadyText} value={create.data.secret} onClose={onClose} />
  }
  const told = tellUnplaced(save.error, ['url', 'secret'], words)
  const wrongSecret = fieldError(save.error, '/secret')
  const filled = ({ value }: { value: string }) => (value.trim() === '' ? words.ui.required : undefined)
  const some = ({ value }: { value: WebhookEvent[] }) => (value.length === 0 ? words.webhooks.chooseEvent : undefined)
  return (
    <FormDialog
      onClose={onClose}
      title={webhook ? words.webhooks.edit : words.webhooks.create}
      text={webhook ? undefined : words.webhooks.createText}
      draft={{ restored: draft.restored, discard }}
      onSubmit={() => void form.handleSubmit()}
      act={webhook ? words.ui.save : words.ui.create}
      pending={save.isPending}
      wrong={told?.title}
    >
      <form.Field name="url" validators={{ onSubmit: filled }}>
        {(field) => (
          <TextField
            label={words.webhooks.url}
            hint={words.webhooks.urlHint}
            type="url"
            mono
            autoFocus
            autoComplete="off"
            {...boundTo(field, save.error, words)}
          />
        )}
      </form.Field>
      <form.Field name="events" validators={{ onSubmit: some }}>
        {(field) => (
          <fieldset className="flex flex-col gap-1.5">
            <legend className="mb-1.5 font-medium text-sm">{words.webhooks.events}</legend>
            {webhookEvents.map((event) => (
              <Checkbox
                key={event}
                label={words.webhooks.eventNames[event]}
                checked={field.state.value.includes(event)}
                onChange={(checked) =>
                  field.handleChange(
                    webhookEvents.filter((one) => (one === event ? checked : field.state.value.includes(one))),
                  )
                }
              />
            ))}
            {field.state.meta.errors[0] && <p className="text-danger text-xs">{field.state.meta.errors[0]}</p>}
          </fieldset>
        )}
      </form.Field>
      {webhook === null && (
        <form.Field name="secret">
          {(field) => (
            <TextField
              label={words.webhooks.secret}
              hint={words.webhooks.secretHint}
              optional
              type="password"
              mono
              autoComplete="off"
              value={field.state.value}
              onChange={field.handleChange}
              error={wrongSecret && sayProblem(wrongSecret, words)}
            />
          )}
        </form.Field>
      )}
    </FormDialog>
  )
}
