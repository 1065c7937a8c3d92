import { useWords } from '../words/words.tsx'
import { classes } from './classes.ts'

/** Where something will be, in its size: give it height and width by class. */
export function Skeleton({ className }: { className?: string }) {
  return <div className={classes('animate-breathe rounded-sm bg-chosen', className)} aria-hidden />
}

const lengths = ['w-3/5', 'w-2/5', 'w-1/2', 'w-4/5', 'w-1/3']

/** A list that is on its way, in the height of its rows so that nothing jumps when it comes. */
export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  const { ui } = useWords()
  return (
    <div role="status" aria-label={ui.loading} className="border-line border-t">
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike.
        <div key={at} className="flex h-10 items-center gap-6 border-line border-b px-3">
          <Skeleton className={classes('h-3 max-w-64', lengths[at % lengths.length])} />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  )
}

/** A page that is on its way: its head and a list. */
export function PageSkeleton() {
  return (
    <div>
      <Skeleton className="mb-2 h-6 w-40" />
      <Skeleton className="mb-6 h-4 w-72" />
      <ListSkeleton />
    </div>
  )
}
