import { useFormats } from '../words/words.tsx'
import { create, useStore } from './store.ts'
import { Tooltip } from './tooltip.tsx'

/** One clock for all relative times of a page; it stands still while nobody looks at the page. */
const clock = create(Date.now())
setInterval(() => {
  if (!document.hidden) clock.set(Date.now())
}, 10_000)
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) clock.set(Date.now())
})

/** When something was: "5 min ago", and the whole time to pointer, focus and screen reader. `at` in ms since 1970. */
export function RelativeTime({ at }: { at: number }) {
  const formats = useFormats()
  const now = useStore(clock)
  return (
    <Tooltip text={formats.time(at)}>
      <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap">
        {formats.relative(at, Math.max(now, at))}
      </time>
    </Tooltip>
  )
}

/** The whole time, where it is what one looks for. */
export function AbsoluteTime({ at }: { at: number }) {
  const formats = useFormats()
  return (
    <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap">
      {formats.time(at)}
    </time>
  )
}

/** How long something took. `ms` may be `null` while it is not known. */
export function Duration({ ms }: { ms: number | null }) {
  const formats = useFormats()
  return <span className="whitespace-nowrap">{ms === null ? '–' : formats.duration(ms)}</span>
}
