import { useWords } from '../words/words.tsx'
import { Button } from './button.tsx'

export interface LoadMoreProps {
  /** How many are shown, said beside the button. */
  shown: number
  /** Whether there are more. */
  more: boolean
  pending: boolean
  onMore(): void
}

/** The end of a list that comes in pages by cursor. */
export function LoadMore({ shown, more, pending, onMore }: LoadMoreProps) {
  const { ui } = useWords()
  return (
    <div className="flex items-center justify-between gap-4 px-3 py-3 text-faint text-sm">
      <span role="status">{ui.rows(shown)}</span>
      {more && (
        <Button onClick={onMore} pending={pending}>
          {ui.loadMore}
        </Button>
      )}
    </div>
  )
}
