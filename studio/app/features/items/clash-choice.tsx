import { ChoiceGroup } from '../../ui/choice-group.tsx'
import { CodeEditor } from '../../ui/code-editor.tsx'
import { TextDifference } from '../../ui/difference.tsx'
import { Badge } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'
import type { Choice, Clash } from './merging.ts'

export interface ClashChoiceProps {
  clash: Clash
  label: string
  /** Who saved in the meantime. */
  author: string
  choice: Choice | null
  onChoose(choice: Choice): void
}

/** One place where both differ: long texts side by side, and merged by hand where one wants to. */
export function ClashChoice({ clash, label, author, choice, onChoose }: ClashChoiceProps) {
  const words = useWords().items
  const { mine, theirs, changedBy } = clash
  const isText = typeof mine === 'string' && typeof theirs === 'string' && (mine + theirs).length > 80
  const sides = [
    { value: 'mine', label: words.mine } as const,
    { value: 'theirs', label: words.theirs(author) } as const,
    ...(isText ? [{ value: 'hand', label: words.byHand } as const] : []),
  ]
  return (
    <div className="border-line border-t pt-4">
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-medium text-sm">{label}</h3>
        {changedBy !== 'unknown' && (
          <Badge kind={changedBy === 'both' ? 'warn' : 'muted'}>
            {changedBy === 'both' ? words.bothChanged : changedBy === 'me' ? words.iChanged : words.theyChanged(author)}
          </Badge>
        )}
      </div>
      {isText ? (
        <>
          <div className="grid grid-cols-2 text-faint text-xs max-md:hidden">
            <span>{words.theirs(author)}</span>
            <span>{words.mine}</span>
          </div>
          <TextDifference before={theirs} after={mine} label={label} />
        </>
      ) : (
        <dl className="grid gap-2 text-sm sm:grid-cols-2">
          <Side name={words.theirs(author)} value={theirs} />
          <Side name={words.mine} value={mine} />
        </dl>
      )}
      <div className="mt-2">
        <ChoiceGroup
          label={words.keepOf(label)}
          hideLabel
          shape="row"
          value={choice?.side ?? null}
          choices={sides}
          onChange={(side) =>
            onChoose(
              side === 'hand' ? { side, text: choice?.side === 'theirs' ? String(theirs) : String(mine) } : { side },
            )
          }
        />
      </div>
      {choice?.side === 'hand' && (
        <CodeEditor
          className="mt-2"
          label={words.merged(label)}
          language="markdown"
          value={choice.text}
          onChange={(text) => onChoose({ side: 'hand', text })}
        />
      )}
    </div>
  )
}

function Side({ name, value }: { name: string; value: unknown }) {
  const words = useWords()
  return (
    <div className="min-w-0">
      <dt className="mb-1 text-faint text-xs">{name}</dt>
      <dd className="whitespace-pre-wrap break-words rounded-sm bg-sunken px-2 py-1 font-mono">
        {value === undefined ? (
          <span className="text-faint">{words.ui.none}</span>
        ) : typeof value === 'string' ? (
          value
        ) : (
          readable(value)
        )}
      </dd>
    </div>
  )
}

/** Names below each other; anything else as JSON. */
function readable(value: unknown): string {
  const isNames = Array.isArray(value) && value.every((one) => typeof one === 'string')
  return isNames ? value.join('\n') : JSON.stringify(value, null, 2)
}
