import { Select } from '../../ui/select.tsx'
import { useStore } from '../../ui/store.ts'
import { theme, themes, wear } from '../../ui/theme.ts'
import { language, languages, speak } from '../../words/language.ts'
import { useWords } from '../../words/words.tsx'
import { useChangeMe } from './queries.ts'

/** Holds at once, and is kept with the account, so that it is the same on every device. */
export function AppearanceForm() {
  const words = useWords()
  const { mutate } = useChangeMe()
  return (
    <div className="grid max-w-md gap-4 sm:grid-cols-2">
      <Select
        label={words.account.language}
        value={useStore(language)}
        choices={languages.map((value) => ({ value, label: words.account.languages[value] }))}
        onChange={(value) => {
          speak(value)
          mutate({ language: value })
        }}
      />
      <Select
        label={words.account.theme}
        value={useStore(theme)}
        choices={themes.map((value) => ({ value, label: words.shell.themes[value] }))}
        onChange={(value) => {
          wear(value)
          mutate({ theme: value })
        }}
      />
    </div>
  )
}
