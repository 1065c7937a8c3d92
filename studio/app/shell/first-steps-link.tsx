import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { releasesQuery } from '../features/releases/queries.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { useWords } from '../words/words.tsx'
import { useMay } from './me.ts'
import { railLinkClasses } from './rail-link.ts'

/** Above the sections until the first release: the way back to the steps that lead there. */
export function FirstStepsLink({ narrow }: { narrow: boolean }) {
  const words = useWords().start
  const mayEdit = useMay('editor')
  const isNew = useInfiniteQuery(releasesQuery).data?.pages[0]?.data.length === 0
  if (!isNew || !mayEdit) return null
  const link = (
    <Link to="/start" aria-label={narrow ? words.title : undefined} className={railLinkClasses(narrow)}>
      <Compass className="size-4 shrink-0" aria-hidden />
      {!narrow && <span className="truncate">{words.title}</span>}
    </Link>
  )
  return (
    <div className="mb-3">
      {narrow ? (
        <Tooltip text={words.title} side="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </div>
  )
}
