import { Link } from '@tanstack/react-router'
import type { ItemReference } from '../../../src/schemas/item.ts'
import { tabClasses, tabListClasses } from '../../ui/tabs.tsx'
import { useWords } from '../../words/words.tsx'
import { places } from './places.ts'

/** The two views of an item, each with its address. */
export function ViewLinks({ item }: { item: ItemReference }) {
  const words = useWords().items
  const to = places[item.kind].one
  const params = { name: item.name }
  return (
    <nav aria-label={words.views} className={`mb-5 ${tabListClasses}`}>
      <Link
        to={to}
        params={params}
        search={{ view: undefined }}
        activeOptions={{ includeSearch: true, explicitUndefined: true }}
        className={tabClasses}
      >
        {words.configuration}
      </Link>
      <Link
        to={to}
        params={params}
        search={{ view: 'history' }}
        activeOptions={{ includeSearch: true }}
        className={tabClasses}
      >
        {words.history}
      </Link>
    </nav>
  )
}
