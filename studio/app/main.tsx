import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createApp } from './router.tsx'
import './styles/theme.css'
import { ToastProvider } from './ui/toast.tsx'
import { TooltipProvider } from './ui/tooltip.tsx'
import { language } from './words/language.ts'
import { load, WordsProvider } from './words/words.tsx'

const place = document.getElementById('app')
if (!place) throw new Error('index.html has no element with the id "app".')

const { router, client } = createApp()
const first = await load(language.get())

createRoot(place).render(
  <StrictMode>
    <WordsProvider first={first}>
      <QueryClientProvider client={client}>
        <TooltipProvider>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </TooltipProvider>
      </QueryClientProvider>
    </WordsProvider>
  </StrictMode>,
)
