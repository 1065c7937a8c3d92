import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { useWords } from '../../../words/words.tsx'

/** Above the title of a page about releases: the way to the list of them, as items have theirs. */
export function WayBack() {
  return (
    <Link to="/releases" className="-ml-1 inline-flex items-center gap-0.5 rounded-sm pr-1 hover:text-ink">
      <ChevronLeft className="size-4" aria-hidden />
      {useWords().releases.title}
    </Link>
  )
}
