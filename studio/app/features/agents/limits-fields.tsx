import { defaultLimits } from 'asyncv/schemas'
import type { Content } from '../../api/content.ts'
import { NumberField } from '../../ui/number-field.tsx'
import { useFormats, useWords } from '../../words/words.tsx'

export interface LimitsFieldsProps {
  value: Content
  onChange(name: string, value: number | null): void
  readOnly: boolean
  errorAt(pointer: string): string | undefined
}

/** In the order in which people reach for them, with the least that each may be, and what one of a person's units is. */
const limits = [
  { name: 'wallMs', least: 1, unit: 1_000 },
  { name: 'modelCalls', least: 1, unit: 1 },
  { name: 'toolCalls', least: 0, unit: 1 },
  { name: 'outputTokens', least: 1, unit: 1 },
  { name: 'historyTokens', least: 0, unit: 1 },
] as const

/** Where a task ends, whatever it is at. Empty is the default, which is shown. */
export function LimitsFields({ value, onChange, readOnly, errorAt }: LimitsFieldsProps) {
  const words = useWords().agents
  const formats = useFormats()
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">{words.limits}</legend>
      <p className="mb-3 text-faint text-xs">{words.limitsHint}</p>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        {limits.map(({ name, least, unit }) => {
          const given = value[name]
          const usual = formats.number(defaultLimits[name] / unit)
          return (
            <NumberField
              key={name}
              label={words.places.limits[name]}
              hint={words.limitHints[name]}
              unit={name === 'wallMs' ? words.seconds : undefined}
              placeholder={usual}
              min={least / unit}
              step={name.endsWith('Tokens') ? 1_000 : name === 'wallMs' ? 10 : 1}
              disabled={readOnly}
              value={typeof given === 'number' ? given / unit : null}
              onChange={(next) => onChange(name, next === null ? null : Math.round(next * unit))}
              error={errorAt(`/limits/${name}`)}
            />
          )
        })}
      </div>
    </fieldset>
  )
}
