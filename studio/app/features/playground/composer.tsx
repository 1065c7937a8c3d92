import { ArrowUp, Square } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { useDraft } from '../../ui/draft.ts'
import { useWords } from '../../words/words.tsx'

export interface ComposerProps {
  /** Under which what is typed is kept. */
  draftKey: string
  agent: string
  running: boolean
  onSay(text: string): void
  onStop(): void
}

/** What the runtime takes of a draft's message; a running agent takes more. */
const longest = 200_000

/** Enter sends, except while an input method is composing. */
export function Composer({ draftKey, agent, running, onSay, onStop }: ComposerProps) {
  const words = useWords().playground
  const draft = useDraft(draftKey, { text: '' })
  const field = useRef<HTMLTextAreaElement>(null)
  const { text } = draft.value
  const send = (): void => {
    if (running || text.trim() === '') return
    draft.clear()
    onSay(text)
  }
  return (
    <form
      className="sticky bottom-0 -mx-1 bg-page px-1 pt-2 pb-4"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div className="field flex items-end gap-2 rounded-lg p-2">
        <textarea
          ref={field}
          // biome-ignore lint/a11y/noAutofocus: who opens this page wants to say something.
          autoFocus
          rows={1}
          maxLength={longest}
          value={text}
          aria-label={words.message}
          placeholder={words.placeholder(agent)}
          onChange={(event) => draft.set({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && running) onStop()
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            send()
          }}
          className="field-sizing-content max-h-48 min-h-8 min-w-0 flex-1 resize-none bg-transparent px-1 py-1 outline-none"
        />
        {running ? (
          <Button onClick={onStop} icon={<Square className="size-3 fill-current" aria-hidden />}>
            {words.stop}
          </Button>
        ) : (
          <Button
            type="submit"
            variant="primary"
            disabled={text.trim() === ''}
            icon={<ArrowUp className="size-4" aria-hidden />}
          >
            {words.send}
          </Button>
        )}
      </div>
      <p className="mt-1.5 hidden text-faint text-xs sm:block">{words.sendHint}</p>
    </form>
  )
}
