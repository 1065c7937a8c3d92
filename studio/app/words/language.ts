import { create } from '../ui/store.ts'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

const place = 'studio.language'

/** The language of the page: what the account says, else what was chosen in this browser, else the browser's own. */
export const language = create<Language>(chosenHere() ?? ofBrowser())

/** From now on the page speaks it, and this browser remembers, also before somebody signs in. */
export function speak(next: Language): void {
  try {
    localStorage.setItem(place, next)
  } catch {
    // Then it holds until the page is left.
  }
  language.set(next)
}

// What another window chooses, this one shows, too.
addEventListener('storage', ({ key, newValue }) => {
  if (key === place) language.set(languages.find((one) => one === newValue) ?? ofBrowser())
})

function chosenHere(): Language | null {
  try {
    return languages.find((one) => one === localStorage.getItem(place)) ?? null
  } catch {
    return null
  }
}

function ofBrowser(): Language {
  for (const tag of navigator.languages) {
    const found = languages.find((one) => tag.toLowerCase().split('-')[0] === one)
    if (found) return found
  }
  return 'en'
}
