import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ItemReference } from '../../../src/schemas/item.ts'
import { itemQuery, versionsQuery } from '../../api/items.ts'
import { type FieldsProps, ItemEditor } from '../../features/items/item-editor.tsx'
import { useItemForm } from '../../features/items/item-form.ts'
import { useItemSaving } from '../../features/items/item-saving.ts'
import { places } from '../../features/items/places.ts'
import { VersionHistory } from '../../features/items/version-history.tsx'
import type { RouterContext } from '../../router-context.ts'
import { useMay } from '../../shell/me.ts'
import { useRuntime } from '../../shell/runtime.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { useTitle } from '../../shell/title.ts'
import { useWords } from '../../words/words.tsx'
import type { ItemSearch } from './-item-search.ts'

/** What the page of an item reads. */
export function loadItem({ client }: Pick<RouterContext, 'client'>, reference: ItemReference) {
  return Promise.all([client.ensureQueryData(itemQuery(reference)), client.ensureQueryData(versionsQuery(reference))])
}

export interface ItemPageProps {
  reference: ItemReference
  search: ItemSearch
  labelOf(pointer: string): string
  fields(given: FieldsProps): ReactNode
  badge?: ReactNode
}

/** The page of one item of any kind; the routes give it the fields of theirs. */
export function ItemPage({ reference, search, labelOf, fields, badge }: ItemPageProps) {
  const words = useWords()
  const item = useSuspenseQuery(itemQuery(reference)).data
  const mayEdit = useMay('editor')
  const runtime = useRuntime()
  const navigate = useNavigate()
  const form = useItemForm({ item, mayEdit, runtime: runtime?.id })
  const saving = useItemSaving(form, item)
  useTitle(item.name)
  useShortcuts(mayEdit ? [{ keys: '⌘S', label: words.ui.save, run: saving.save }] : [])
  const history =
    search.view === 'history' ? (
      <VersionHistory
        item={item}
        mayEdit={mayEdit}
        from={search.from}
        to={search.to}
        labelOf={labelOf}
        onCompare={(from, to) =>
          void navigate({
            to: places[reference.kind].one,
            params: { name: reference.name },
            search: { view: 'history', from, to },
            replace: true,
          })
        }
      />
    ) : null
  return (
    <ItemEditor
      item={item}
      form={form}
      saving={saving}
      mayEdit={mayEdit}
      history={history}
      labelOf={labelOf}
      fields={fields}
      badge={badge}
    />
  )
}
