import { classes } from './classes.ts'

const isApple = /Mac|iPhone|iPad/.test(navigator.platform)

export interface KeysProps {
  /** Keys with spaces between: `g a` one after the other, `⌘K` at once (Ctrl where there is no ⌘). */
  keys: string
  /** On a dark ground in the light theme, and the other way round. */
  inverse?: boolean
}

/** A shortcut, as keys. */
export function Keys({ keys, inverse = false }: KeysProps) {
  return (
    <span className="inline-flex gap-1">
      {keys.split(' ').map((key) => (
        <kbd
          key={key}
          className={classes(
            'inline-flex h-5 min-w-5 items-center justify-center rounded-sm px-1 font-sans text-xs',
            inverse ? 'bg-page/15 text-page' : 'border border-edge bg-sunken text-soft',
          )}
        >
          {isApple ? key : key.replace('⌘', 'Ctrl ')}
        </kbd>
      ))}
    </span>
  )
}
