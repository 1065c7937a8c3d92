import { useWords } from '../words/words.tsx'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** Above a form that is filled with what was typed before its page was opened. */
export function DraftKept({ onDiscard }: { onDiscard(): void }) {
  const { ui } = useWords()
  return (
    <Notice
      kind="info"
      action={
        <Button size="small" onClick={onDiscard}>
          {ui.discardDraft}
        </Button>
      }
    >
      {ui.draftKept}
    </Notice>
  )
}
