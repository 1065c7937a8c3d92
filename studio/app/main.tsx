import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { askAgain } from './api/connection.ts'
import { ConnectionLost, Problem } from './api/problem.ts'
import { createApp } from './router.tsx'
import './styles/theme.css'
import { Toaster } from './ui/toaster.tsx'
import { Tooltips } from './ui/tooltip.tsx'
import { language } from './words/language.ts'
import { load, WordsProvider } from './words/words.tsx'

const place = document.getElementById('app')
if (!place) throw new Error('index.html has no element with the id "app".')

// Where no header forbids it, as on another host: nobody shall be led to press what lies under somebody else's page.
if (top !== self) throw new Error('Studio shows itself in no page of another site.')

// A piece of the app did not come: whether Studio answers at all is the first thing to know.
addEventListener('vite:preloadError', () => void askAgain())

const { router, client } = createApp()
const first = await load(language.get())

createRoot(place, {
  onCaughtError(error) {
    // What Studio answered is on the page already; everything else is a mistake of ours.
    if (!(error instanceof Problem || error instanceof ConnectionLost)) console.error(error)
  },
}).render(
  <StrictMode>
    <WordsProvider first={first}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
        <Toaster />
        <Tooltips />
      </QueryClientProvider>
    </WordsProvider>
  </StrictMode>,
)
