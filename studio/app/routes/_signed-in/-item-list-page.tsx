import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type LucideIcon, Plus } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import type { Item, ItemKind } from '../../../src/schemas/item.ts'
import { itemsQuery } from '../../api/items.ts'
import { ItemList } from '../../features/items/item-list.tsx'
import { places, sections } from '../../features/items/places.ts'
import { useMay } from '../../shell/me.ts'
import { useTitle } from '../../shell/title.ts'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import type { Column } from '../../ui/table.tsx'
import type { Words } from '../../words/english.ts'
import { useWords } from '../../words/words.tsx'
import type { ListSearch } from './-item-search.ts'

export interface ItemListPageProps {
  kind: ItemKind
  search: ListSearch
  columns: readonly Column<Item>[]
  Icon: LucideIcon
  /** What the kind says of itself. */
  said: { text: string; create: string; empty: string; emptyHint: string }
  /** What a field is called. */
  labelOf(pointer: string, words: Words): string
  /** Asks for what a new one needs. */
  create(props: { onClose(): void; onCreated(name: string | null): void }): ReactNode
}

/** The list of a kind; the routes give it what is theirs. */
export function ItemListPage({ kind, search: asked, columns, Icon, said, labelOf, create }: ItemListPageProps) {
  const words = useWords()
  const navigate = useNavigate()
  const { search = '', deleted = false } = asked
  const items = useSuspenseQuery(itemsQuery(kind, { search, deleted })).data.data
  const mayEdit = useMay('editor')
  const nameOf = useCallback((pointer: string) => labelOf(pointer, words), [labelOf, words])
  const title = words.shell.sections[sections[kind]]
  useTitle(title)
  const go = (change: ListSearch, replace: boolean): void =>
    void navigate({ to: places[kind].list, search: { ...asked, ...change }, replace })
  const button = mayEdit && (
    <Button
      variant="primary"
      icon={<Plus className="size-4" aria-hidden />}
      onClick={() => go({ create: true }, false)}
    >
      {said.create}
    </Button>
  )
  const isEmpty = items.length === 0 && search === '' && !deleted
  const close = (): void => go({ create: undefined }, true)
  return (
    <>
      <PageHeader title={title} text={said.text} actions={!isEmpty && button} />
      <ItemList
        kind={kind}
        items={items}
        mayEdit={mayEdit}
        columns={columns}
        labelOf={nameOf}
        search={search}
        deleted={deleted}
        onSearch={(next) => go({ search: next === '' ? undefined : next }, true)}
        onDeleted={(next) => go({ deleted: next || undefined }, true)}
        empty={{ Icon, title: said.empty, text: said.emptyHint, action: button }}
      />
      {asked.create &&
        mayEdit &&
        create({
          onClose: close,
          onCreated(name) {
            if (name === null) close()
            else void navigate({ to: places[kind].one, params: { name }, search: {}, replace: true })
          },
        })}
    </>
  )
}
