import { useEffect } from 'react'
import { useWords } from '../words/words.tsx'

/** What the tab of the browser says: the page, then the product. */
export function useTitle(title: string): void {
  const { product } = useWords().ui
  useEffect(() => {
    document.title = `${title} · ${product}`
  }, [title, product])
}
