import { create, type Store } from './store.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const place = 'studio.theme'

function remembered(): Theme {
  try {
    return themes.find((one) => one === localStorage.getItem(place)) ?? 'system'
  } catch {
    return 'system'
  }
}

/** What was chosen. `public/theme.js` reads the same place before the first paint. */
export const theme = create<Theme>(remembered())

const dark = matchMedia('(prefers-color-scheme: dark)')

/** What is drawn, for what has to be told: canvases. Style sheets follow by themselves. */
export const drawnTheme: Store<'light' | 'dark'> = create(drawn())
dark.addEventListener('change', () => drawnTheme.set(drawn()))

export function wear(next: Theme): void {
  try {
    localStorage.setItem(place, next)
  } catch {
    // Then it holds until the page is left.
  }
  put(next)
}

// What another window chooses, this one wears, too.
addEventListener('storage', ({ key }) => {
  if (key === place) put(remembered())
})

function put(next: Theme): void {
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  theme.set(next)
  drawnTheme.set(drawn())
}

function drawn(): 'light' | 'dark' {
  const chosen = theme.get()
  return chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen
}
