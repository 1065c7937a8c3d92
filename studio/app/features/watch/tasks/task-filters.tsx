import { taskState } from 'asyncv/schemas'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Code } from '../../../ui/code.tsx'
import { Select } from '../../../ui/select.tsx'
import { SearchField, Toolbar } from '../../../ui/toolbar.tsx'
import { useWords } from '../../../words/words.tsx'
import { shortId } from '../place.ts'
import type { TaskState } from '../types.ts'

export interface TaskSearch {
  state?: TaskState | undefined
  agent?: string | undefined
  session?: string | undefined
  q?: string | undefined
}

export interface TaskFiltersProps {
  search: TaskSearch
  onChange(change: TaskSearch): void
  agents: readonly string[]
  /** At the end of the line. */
  children: ReactNode
}

const all = '*'

export function TaskFilters({ search, onChange, agents, children }: TaskFiltersProps) {
  const { tasks, watch } = useWords()
  return (
    <Toolbar>
      <SearchField
        value={search.q ?? ''}
        onChange={(q) => onChange({ q: q || undefined })}
        placeholder={tasks.search}
      />
      <Select
        className="w-36"
        label={watch.state}
        hideLabel
        value={search.state ?? all}
        onChange={(value) => onChange({ state: value === all ? undefined : (value as TaskState) })}
        choices={[
          { value: all, label: tasks.everyState },
          ...taskState.options.map((value) => ({ value, label: watch.taskStates[value] })),
        ]}
      />
      <Select
        className="w-40"
        label={watch.agent}
        hideLabel
        value={search.agent ?? all}
        onChange={(value) => onChange({ agent: value === all ? undefined : value })}
        choices={[{ value: all, label: watch.everyAgent }, ...agents.map((value) => ({ value, label: value }))]}
      />
      {search.session !== undefined && (
        <Button onClick={() => onChange({ session: undefined })} aria-label={tasks.dropSession}>
          {watch.session} <Code>{shortId(search.session)}</Code>
          <X className="size-3.5" aria-hidden />
        </Button>
      )}
      <div className="ml-auto">{children}</div>
    </Toolbar>
  )
}
