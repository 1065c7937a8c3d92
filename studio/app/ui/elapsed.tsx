import { useFormats } from '../words/words.tsx'
import { useNow } from './now.ts'

/** How long ago `since` (ms since 1970) was, counting on each second: something that is still under way. */
export function Elapsed({ since }: { since: number }) {
  const formats = useFormats()
  const now = useNow(1_000)
  // Whole seconds: parts of one that change once a second would only flicker.
  return (
    <span className="whitespace-nowrap">{formats.duration(Math.floor(Math.max(0, now - since) / 1_000) * 1_000)}</span>
  )
}
