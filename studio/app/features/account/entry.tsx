import type { ReactNode } from 'react'
import { useStore } from '../../ui/store.ts'
import { theme, themes, wear } from '../../ui/theme.ts'
import { language, languages, speak } from '../../words/language.ts'
import { useWords } from '../../words/words.tsx'
import { Mark } from '../../ui/mark.tsx'
import { classes } from '../../ui/classes.ts'

export interface EntryProps {
  title: string
  text?: ReactNode
  children: ReactNode
}

/** The frame of the pages before one is signed in: one thing to do, in the middle, and a choice of language and looks. */
export function Entry({ title, text, children }: EntryProps) {
  return (
    <div className="flex min-h-dvh flex-col bg-ground">
      <main className="mx-auto flex w-full max-w-md flex-1 flex-col justify-center px-4 py-12">
        <Mark className="mb-8 size-8" />
        <h1 className="font-semibold text-xl tracking-[-0.01em]">{title}</h1>
        {text && <p className="mt-1 text-soft">{text}</p>}
        <div className="mt-6">{children}</div>
      </main>
      <Preferences />
    </div>
  )
}

function Preferences() {
  const words = useWords()
  const spoken = useStore(language)
  const worn = useStore(theme)
  return (
    <footer className="mx-auto flex w-full max-w-md flex-wrap justify-between gap-x-6 gap-y-2 px-4 pb-6">
      <Choices
        label={words.account.language}
        value={spoken}
        choices={languages.map((value) => ({ value, label: words.account.languages[value] }))}
        onChange={speak}
      />
      <Choices
        label={words.account.theme}
        value={worn}
        choices={themes.map((value) => ({ value, label: words.shell.themes[value] }))}
        onChange={wear}
      />
    </footer>
  )
}

interface ChoicesProps<Value extends string> {
  label: string
  value: Value
  choices: readonly { value: Value; label: string }[]
  onChange(value: Value): void
}

function Choices<Value extends string>({ label, value, choices, onChange }: ChoicesProps<Value>) {
  return (
    <fieldset className="-mx-2 flex">
      <legend className="sr-only">{label}</legend>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
          className={classes(
            'h-7 rounded-md px-2 text-sm hover:text-ink',
            choice.value === value ? 'font-medium text-ink' : 'text-faint',
          )}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  )
}
