import { useNavigate } from '@tanstack/react-router'
import { Copy, Ellipsis, TextCursorInput, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Item } from '../../../src/schemas/item.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { onNeed } from '../../ui/on-need.tsx'
import { useWords } from '../../words/words.tsx'
import type { ItemDeleteProps } from './item-delete.tsx'
import type { ItemNameProps } from './item-name.tsx'
import { places } from './places.ts'

const ItemDelete = onNeed<ItemDeleteProps & { open: true }>(async () => ({
  default: (await import('./item-delete.tsx')).ItemDelete,
}))
const ItemName = onNeed<ItemNameProps & { open: true }>(async () => ({
  default: (await import('./item-name.tsx')).ItemName,
}))

export interface ItemActionsProps {
  item: Item
  /** What a field is called. */
  labelOf(pointer: string): string
  /** On its own page, which follows what becomes of the item. */
  inEditor?: boolean
}

/** What can be done with one item beside editing it. */
export function ItemActions({ item, labelOf, inEditor = false }: ItemActionsProps) {
  const words = useWords()
  const navigate = useNavigate()
  const [open, setOpen] = useState<'duplicate' | 'rename' | 'delete' | null>(null)
  const close = (): void => setOpen(null)
  const isRoute = item.kind === 'route'
  return (
    <>
      <Menu
        trigger={
          <IconButton
            label={`${words.ui.more}: ${item.name}`}
            icon={<Ellipsis className="size-4" aria-hidden />}
            variant={inEditor ? 'secondary' : 'quiet'}
            className={inEditor ? undefined : 'size-7'}
          />
        }
        groups={[
          {
            items: [
              // A route is called like its connector, which has one.
              ...(isRoute
                ? []
                : [
                    {
                      label: words.items.duplicate,
                      icon: <Copy className="size-4" aria-hidden />,
                      onSelect: () => setOpen('duplicate'),
                    },
                    {
                      label: words.items.rename,
                      icon: <TextCursorInput className="size-4" aria-hidden />,
                      onSelect: () => setOpen('rename'),
                    },
                  ]),
              {
                label: words.ui.delete,
                icon: <Trash2 className="size-4" aria-hidden />,
                danger: true,
                onSelect: () => setOpen('delete'),
              },
            ],
          },
        ]}
      />
      {(open === 'duplicate' || open === 'rename') && (
        <ItemName
          open
          item={item}
          action={open}
          onClose={close}
          onDone={(done) => {
            close()
            const isRenamed = open === 'rename'
            if (isRenamed && !inEditor) return
            const { name } = done
            // What is typed went along with the new name, so that nothing is left to ask about.
            const to = { to: places[item.kind].one, params: { name }, search: {} } as const
            void navigate({ ...to, replace: isRenamed, ignoreBlocker: isRenamed })
          }}
        />
      )}
      {open === 'delete' && (
        <ItemDelete
          open
          item={item}
          labelOf={labelOf}
          onClose={close}
          onDone={() => {
            close()
            // What is typed is kept, and there again when the item is.
            if (inEditor) void navigate({ to: places[item.kind].list, search: {}, ignoreBlocker: true })
          }}
        />
      )}
    </>
  )
}
