import type { ItemProblem } from '../../../src/schemas/item-change.ts'
import { useWords } from '../../words/words.tsx'
import type { ItemViews } from './views.ts'

/** What is wrong, at the item and its field; the item leads to where it is mended. */
export function ProblemList({ problems, views }: { problems: readonly ItemProblem[]; views: ItemViews }) {
  const words = useWords()
  return (
    <ul className="flex flex-col gap-1.5 text-sm">
      {problems.map(({ kind, name, pointer, detail }) => (
        <li key={`${kind} ${name} ${pointer} ${detail}`} className="min-w-0 break-words">
          {kind === null || name === null ? (
            <span className="font-medium">{words.changes.elsewhere}</span>
          ) : (
            <>
              {views.titleOf({ kind, name })}
              {pointer !== '' && <span className="text-soft"> › {views.labelOf({ kind, name }, pointer)}</span>}
            </>
          )}
          <span className="block text-danger">{detail}</span>
        </li>
      ))}
    </ul>
  )
}
