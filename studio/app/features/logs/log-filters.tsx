import { Clock, X } from 'lucide-react'
import { logLevels } from 'asyncv/schemas'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Select } from '../../ui/select.tsx'
import { SearchField } from '../../ui/toolbar.tsx'
import { useFormats, useWords } from '../../words/words.tsx'
import type { LogFilter, LogLevel } from './log-filter.ts'

export interface LogFiltersProps {
  filter: LogFilter
  connectors: readonly string[]
  onChange(change: LogFilter): void
}

const minute = 60_000
const spans = [5 * minute, 15 * minute, 60 * minute, 24 * 60 * minute]
const every = '*'

/** Search, level, component and time; ids that a link brought along can be taken away. */
export function LogFilters({ filter, connectors, onChange }: LogFiltersProps) {
  const words = useWords().logs
  const { level, text, connector, since } = filter
  return (
    <>
      <SearchField
        value={text ?? ''}
        placeholder={words.search}
        onChange={(next) => onChange({ text: next === '' ? undefined : next })}
      />
      <div className="w-44 max-sm:w-[calc(50%-0.25rem)]">
        <Select<LogLevel | typeof every>
          label={words.level}
          hideLabel
          value={level ?? every}
          onChange={(next) => onChange({ level: next === every ? undefined : next })}
          choices={[
            { value: every, label: words.everyLevel },
            ...logLevels.slice(1).map((one) => ({ value: one, label: words.atLeast[one] })),
          ]}
        />
      </div>
      {(connectors.length > 0 || connector !== undefined) && (
        <div className="w-44 max-sm:w-[calc(50%-0.25rem)]">
          <Select
            label={words.component}
            hideLabel
            value={connector ?? every}
            onChange={(next) => onChange({ connector: next === every ? undefined : next })}
            choices={[
              { value: every, label: words.everyComponent },
              ...[...new Set([...connectors, ...(connector === undefined ? [] : [connector])])].map((name) => ({
                value: name,
                label: name,
              })),
            ]}
          />
        </div>
      )}
      <Since since={since} onChange={(next) => onChange({ since: next })} />
      {(['task', 'session', 'request'] as const).map(
        (name) =>
          filter[name] !== undefined && (
            <Button
              key={name}
              size="normal"
              className="max-w-64"
              aria-label={words.takeAway(words[name])}
              icon={<X className="size-3.5 shrink-0 text-faint" aria-hidden />}
              onClick={() => onChange({ [name]: undefined })}
            >
              <span className="truncate">
                {words[name]} <span className="font-mono text-xs">{filter[name]}</span>
              </span>
            </Button>
          ),
      )}
    </>
  )
}

function Since({ since, onChange }: { since: number | undefined; onChange(next: number | undefined): void }) {
  const words = useWords().logs
  const formats = useFormats()
  return (
    <Menu
      align="start"
      trigger={
        <Button icon={<Clock className="size-3.5 text-faint" aria-hidden />}>
          {since === undefined ? words.anyTime : words.since(formats.time(since))}
        </Button>
      }
      groups={[
        {
          items: [
            { label: words.anyTime, checked: since === undefined, onSelect: () => onChange(undefined) },
            ...spans.map((span) => ({
              label: words.last(formats.duration(span)),
              onSelect: () => onChange(Date.now() - span),
            })),
          ],
        },
      ]}
    />
  )
}
