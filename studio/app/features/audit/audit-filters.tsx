import { Select } from '../../ui/select.tsx'
import { Toolbar } from '../../ui/toolbar.tsx'
import { useWords } from '../../words/words.tsx'
import type { Entry } from './entries.ts'
import type { AuditFilter, Log } from './queries.ts'
import { sayAction, sayActor } from './said.ts'

export interface AuditFiltersProps {
  log: Log
  filter: AuditFilter
  /** Those that are here: whoever acted in them can be chosen. */
  entries: readonly Entry[]
  onFilter(change: AuditFilter): void
}

const every = '*'

export function AuditFilters({ filter, entries, onFilter }: AuditFiltersProps) {
  const words = useWords()
  const actors = new Map(entries.map((entry) => [entry.actor.id, sayActor(entry, words)]))
  if (filter.actor !== undefined && !actors.has(filter.actor)) actors.set(filter.actor, filter.actor)
  const actions = new Set([...entries.map(({ action }) => action), ...Object.keys(words.audit.actions)])
  if (filter.action !== undefined) actions.add(filter.action)
  return (
    <Toolbar>
      <div className="w-full sm:w-52">
        <Select
          label={words.audit.who}
          hideLabel
          value={filter.actor ?? every}
          onChange={(next) => onFilter({ actor: next === every ? undefined : next })}
          choices={[
            { value: every, label: words.audit.everybody },
            ...[...actors].map(([value, label]) => ({ value, label })),
          ]}
        />
      </div>
      <div className="w-full sm:w-64">
        <Select
          label={words.audit.what}
          hideLabel
          value={filter.action ?? every}
          onChange={(next) => onFilter({ action: next === every ? undefined : next })}
          choices={[
            { value: every, label: words.audit.everything },
            ...[...actions]
              .toSorted()
              .map((action) => ({ value: action, label: sayAction(action, words), hint: action })),
          ]}
        />
      </div>
    </Toolbar>
  )
}
