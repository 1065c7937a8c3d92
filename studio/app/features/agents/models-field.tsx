import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useId } from 'react'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import type { Choice } from '../../ui/select.tsx'
import { useWords } from '../../words/words.tsx'

export interface ModelsFieldProps {
  /** At least one. */
  value: readonly string[]
  onChange(value: string[]): void
  choices: readonly Choice<string>[]
  readOnly: boolean
  errorAt(pointer: string): string | undefined
}

/** As many as a release takes. */
const most = 10

/** The model that answers, and those that take over when it fails, in their order. */
export function ModelsField({ value, onChange, choices, readOnly, errorAt }: ModelsFieldProps) {
  const words = useWords()
  const id = useId()
  const isOne = value.length === 1
  const put = (at: number, next: string): void => onChange(value.map((one, index) => (index === at ? next : one)))
  const move = (at: number, by: -1 | 1): void => {
    const next = [...value]
    const [moved = ''] = next.splice(at, 1)
    next.splice(at + by, 0, moved)
    onChange(next)
    // The focus goes along with what was moved.
    requestAnimationFrame(() => {
      const row = document.getElementById(`${id}-${at + by}`)
      const wanted = row?.querySelector<HTMLElement>(`[data-by="${by}"]:not(:disabled)`)
      ;(wanted ?? row?.querySelector<HTMLElement>('[data-by]:not(:disabled)'))?.focus()
    })
  }
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-sm">{words.agents.models}</legend>
      <ol className="flex flex-col gap-2">
        {value.map((model, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: models have no other name than the one that is being typed.
          <li key={at} id={`${id}-${at}`} className="flex items-start gap-1">
            <Combobox
              className="flex-1"
              label={at === 0 ? words.agents.model : words.agents.fallback(at)}
              hideLabel
              free
              disabled={readOnly}
              placeholder={words.agents.modelPlaceholder}
              choices={choices}
              value={model === '' ? null : model}
              onChange={(next) => put(at, next ?? '')}
              error={errorAt(`/model/${at}`) ?? (at === 0 ? errorAt('/model') : undefined)}
            />
            {!readOnly && !isOne && (
              <>
                <IconButton
                  label={words.agents.moveUp(model)}
                  data-by="-1"
                  icon={<ArrowUp className="size-4" aria-hidden />}
                  disabled={at === 0}
                  onClick={() => move(at, -1)}
                />
                <IconButton
                  label={words.agents.moveDown(model)}
                  data-by="1"
                  icon={<ArrowDown className="size-4" aria-hidden />}
                  disabled={at === value.length - 1}
                  onClick={() => move(at, 1)}
                />
                <IconButton
                  label={words.agents.removeModel(model)}
                  icon={<X className="size-4" aria-hidden />}
                  onClick={() => onChange(value.filter((_, index) => index !== at))}
                />
              </>
            )}
          </li>
        ))}
      </ol>
      <p className="text-faint text-xs">{words.agents.modelsHint}</p>
      {!readOnly && value.length < most && (
        <div>
          <Button
            size="small"
            icon={<Plus className="size-3.5" aria-hidden />}
            onClick={() => onChange([...value, ''])}
          >
            {words.agents.addFallback}
          </Button>
        </div>
      )}
    </fieldset>
  )
}
