import type { LucideIcon } from 'lucide-react'
import { ArchiveRestore } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Item, ItemKind } from '../../../src/schemas/item.ts'
import { EmptyState, NoMatchState } from '../../ui/states.tsx'
import { Switch } from '../../ui/switch.tsx'
import type { Column } from '../../ui/table.tsx'
import { SearchField, Toolbar } from '../../ui/toolbar.tsx'
import { useWords } from '../../words/words.tsx'
import { ItemTable } from './item-table.tsx'
import { sections } from './places.ts'

export interface ItemListProps {
  kind: ItemKind
  items: readonly Item[]
  mayEdit: boolean
  columns: readonly Column<Item>[]
  /** What a field is called. */
  labelOf(pointer: string): string
  /** As the URL has them. */
  search: string
  deleted: boolean
  onSearch(search: string): void
  onDeleted(deleted: boolean): void
  /** While there is none of this kind. */
  empty: { Icon: LucideIcon; title: string; text: string; action: ReactNode }
}

/** The list of a kind: search, what was deleted, and its states when there is nothing. */
export function ItemList(props: ItemListProps) {
  const { kind, items, mayEdit, columns, labelOf, search, deleted, onSearch, onDeleted, empty } = props
  const words = useWords()
  if (items.length === 0 && search === '' && !deleted) {
    return (
      <>
        <EmptyState icon={<empty.Icon aria-hidden />} title={empty.title} text={empty.text} action={empty.action} />
        <p className="text-center">
          <button
            type="button"
            className="rounded-sm text-soft text-sm hover:text-ink hover:underline"
            onClick={() => onDeleted(true)}
          >
            {words.items.showDeleted}
          </button>
        </p>
      </>
    )
  }
  return (
    <>
      <Toolbar>
        <SearchField
          value={search}
          onChange={onSearch}
          placeholder={words.items.searchIn(words.shell.sections[sections[kind]])}
        />
        <div className="ml-auto flex items-center gap-4">
          <Switch checked={deleted} onChange={onDeleted} label={words.items.showDeleted} />
        </div>
      </Toolbar>
      <ItemTable kind={kind} items={items} deleted={deleted} mayEdit={mayEdit} columns={columns} labelOf={labelOf}>
        {search !== '' ? (
          <NoMatchState onClear={() => onSearch('')} />
        ) : (
          <EmptyState icon={<ArchiveRestore aria-hidden />} title={words.items.noneDeleted} />
        )}
      </ItemTable>
    </>
  )
}
