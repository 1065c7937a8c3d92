import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { tell } from '../../api/problem.ts'
import { Status } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'
import type { ItemForm } from './item-form.ts'
import { places, sections } from './places.ts'

/** What the runtime says of what is typed, in one line that never moves the form; more on request. */
export function CheckLine({ form: { check }, labelOf }: { form: ItemForm; labelOf: (pointer: string) => string }) {
  const words = useWords()
  const [isOpen, setOpen] = useState(false)
  const count = check.mine.length + check.others.length
  return (
    <div className="mb-4 text-sm">
      <div role="status" className="flex min-h-6 flex-wrap items-center gap-x-3">
        <Verdict check={check} />
        {count > 0 && (
          <button
            type="button"
            aria-expanded={isOpen}
            className="rounded-sm text-accent hover:underline"
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? words.ui.showLess : words.ui.showAll}
          </button>
        )}
      </div>
      {isOpen && count > 0 && (
        <ul className="mt-2 flex flex-col gap-1.5 border-edge border-l-2 pl-3">
          {check.mine.map((one) => (
            <li key={one.pointer + one.detail} className="break-words">
              {one.pointer !== '' && <span className="font-medium">{labelOf(one.pointer)}: </span>}
              <span className="text-danger">{one.detail}</span>
            </li>
          ))}
          {check.others.map((one) => (
            <li key={`${one.kind}/${one.name}${one.pointer}${one.detail}`} className="break-words">
              {one.kind && one.name ? (
                <Link
                  to={places[one.kind].one}
                  params={{ name: one.name }}
                  search={{}}
                  className="font-medium text-accent hover:underline"
                >
                  {`${words.shell.sections[sections[one.kind]]} › ${one.name}`}
                </Link>
              ) : (
                <code className="font-mono">{one.pointer}</code>
              )}{' '}
              <span className="text-soft">{one.detail}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Verdict({ check }: Pick<ItemForm, 'check'>) {
  const words = useWords()
  const { data, error, isFetching, mine, others } = check
  if (error) return <Status kind="danger">{tell(error, words).title}</Status>
  if (!data) {
    return (
      <Status kind="muted" live>
        {words.items.checking}
      </Status>
    )
  }
  if (mine.length > 0) {
    return (
      <Status kind="danger" live={isFetching}>
        {words.items.problems(mine.length)}
      </Status>
    )
  }
  if (data.checkedBy === 'schema') {
    return (
      <Status kind="warn" live={isFetching}>
        {words.items.checkedByForm}
        {data.problem && <span className="min-w-0 truncate text-faint">{data.problem}</span>}
      </Status>
    )
  }
  if (others.length > 0) {
    return (
      <Status kind="warn" live={isFetching}>
        {words.items.problemsElsewhere(others.length)}
      </Status>
    )
  }
  return (
    <Status kind="ok" live={isFetching}>
      {words.items.checkedBy(data.runtime?.name ?? '')}
    </Status>
  )
}
