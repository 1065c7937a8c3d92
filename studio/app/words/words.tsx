import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { useStore } from '../ui/store.ts'
import type { Words } from './english.ts'
import { type Formats, formatsOf } from './formats.ts'
import { type Language, language } from './language.ts'

export interface Spoken {
  language: Language
  words: Words
  formats: Formats
}

const Context = createContext<Spoken | null>(null)

/** One language is loaded, not all of them. */
export async function load(wanted: Language): Promise<Spoken> {
  const words =
    wanted === 'zh' ? (await import('./chinese.ts')).chinese : ((await import('./english.ts')).english as Words)
  return { language: wanted, words, formats: formatsOf(wanted) }
}

/** Speaks `first`, and after a change of language the other one as soon as it is here. */
export function WordsProvider({ first, children }: { first: Spoken; children: ReactNode }) {
  const wanted = useStore(language)
  const [spoken, setSpoken] = useState(first)
  useEffect(() => {
    let left = false
    document.documentElement.lang = spoken.language === 'zh' ? 'zh-CN' : 'en'
    if (wanted !== spoken.language) {
      void load(wanted).then((next) => {
        if (!left) setSpoken(next)
      })
    }
    return () => {
      left = true
    }
  }, [wanted, spoken.language])
  return <Context value={spoken}>{children}</Context>
}

/** Everything the app says, in the language of the page: `useWords().users.invite`. */
export function useWords(): Words {
  return useSpoken().words
}

/** Dates, numbers, durations and sizes in the language of the page. */
export function useFormats(): Formats {
  return useSpoken().formats
}

function useSpoken(): Spoken {
  const spoken = useContext(Context)
  if (!spoken) throw new Error('No language is loaded: draw this inside WordsProvider.')
  return spoken
}
