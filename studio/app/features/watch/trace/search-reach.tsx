import { Search, Square } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { useWords } from '../../../words/words.tsx'
import type { Everywhere } from './everywhere.ts'

export interface SearchReachProps {
  /** What is on the page without asking for more. */
  recent: { messages: number; sessions: number }
  /** Something is looked for that more sessions may have. */
  mayGoOn: boolean
  everywhere: Everywhere
}

/** How far was searched, and the way to search everywhere. */
export function SearchReach({ recent, mayGoOn, everywhere }: SearchReachProps) {
  const words = useWords().trace
  const { state, messages, sessions, begin, stop } = everywhere
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm sm:ml-auto">
      <p className="text-faint text-xs" role="status">
        {!mayGoOn || messages === 0
          ? words.searched(recent.messages, recent.sessions)
          : state === 'over'
            ? words.searchedAll(messages, sessions)
            : words.searchedSoFar(messages, sessions)}
      </p>
      {mayGoOn && (state === 'idle' || state === 'failed') && (
        <Button size="small" icon={<Search className="size-3.5" aria-hidden />} onClick={begin}>
          {words.searchAll}
        </Button>
      )}
      {mayGoOn && state === 'searching' && (
        <Button size="small" icon={<Square className="size-3 fill-current" aria-hidden />} onClick={stop}>
          {words.stopSearch}
        </Button>
      )}
    </div>
  )
}
