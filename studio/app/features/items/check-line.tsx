import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import type { itemWithUses } from '../../../src/schemas/item.ts'
import type { ItemProblem } from '../../../src/schemas/item-change.ts'
import { tell } from '../../api/problem.ts'
import { sayProblem } from '../../api/say-problem.ts'
import { Status } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'
import type { ItemForm } from './item-form.ts'
import { places, sections } from './places.ts'

export interface CheckLineProps {
  item: z.infer<typeof itemWithUses>
  form: ItemForm
  labelOf(pointer: string): string
}

/** What the runtime says of what is typed, in one line that never moves the form; more on request. */
export function CheckLine({ item, form, labelOf }: CheckLineProps) {
  const words = useWords()
  const [isOpen, setOpen] = useState(false)
  const missesRoute = missingRoute(item, form.check.others)
  const check = { ...form.check, others: form.check.others.filter((one) => one !== missesRoute) }
  const count = check.mine.length + check.others.length
  return (
    <div className="mb-4 text-sm">
      <div role="status" className="flex min-h-6 flex-wrap items-center gap-x-3">
        {missesRoute && check.mine.length + check.others.length === 0 ? (
          <Status kind="warn">{words.items.noRoute}</Status>
        ) : (
          <Verdict check={check} />
        )}
        {missesRoute && (
          <Link to="/routes" search={{ create: true }} className="rounded-sm text-accent hover:underline">
            {words.items.addRoute}
          </Link>
        )}
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

/** A connector that was just made has no route yet, which is no mistake but the next step. */
function missingRoute({ kind, usedBy }: CheckLineProps['item'], problems: readonly ItemProblem[]): ItemProblem | null {
  if (kind !== 'connector' || usedBy.some((use) => use.kind === 'route')) return null
  return problems.find((one) => one.kind === null && one.pointer === '/routes') ?? null
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
        {data.problem && <span className="min-w-0 truncate text-faint">{sayProblem(data.problem, words)}</span>}
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
