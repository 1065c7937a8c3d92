import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import { Fragment, type KeyboardEvent, type ReactElement, type ReactNode, type RefObject } from 'react'
import { classes } from './classes.ts'
import { Keys } from './keys.tsx'
import { landmarkOf } from './landmark.ts'

const itemClasses =
  'flex w-full cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-left text-sm outline-none data-highlighted:bg-chosen data-disabled:text-faint'

export interface MenuItem {
  label: string
  icon?: ReactNode
  /** Shown on the right: `e`. The menu does not listen for it. */
  shortcut?: string
  onSelect?(): void
  /** An element to draw the item as, such as a link. */
  render?: ReactElement
  /** One of several that is chosen; `undefined` has no mark. */
  checked?: boolean
  danger?: boolean
  disabled?: boolean
}

export interface MenuGroup {
  label?: string
  items: readonly MenuItem[]
}

export interface MenuContent {
  groups: readonly MenuGroup[]
  /** Above the groups: whose menu this is. */
  header?: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'left' | 'right'
}

export interface MenuShownProps extends MenuContent {
  open: boolean
  onClose(): void
  anchor: RefObject<HTMLElement | null>
  /** The `id` of what opened it, whose name it takes. */
  labelledBy: string
  /** It was opened by a key: the first item has the focus. */
  byKey: boolean
}

/** Loaded when a menu is opened for the first time. */
export default function MenuShown(props: MenuShownProps) {
  const { open, onClose, anchor, labelledBy, byKey, groups, header, align = 'end', side = 'bottom' } = props
  // Before the item does what it does: a dialog that it opens takes the focus, and hands it back to what opened the menu.
  const press = (item: MenuItem): void => {
    anchor.current?.focus()
    item.onSelect?.()
  }
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== 'Tab') return
    // From where it was opened, to what comes before or after it on the page.
    anchor.current?.focus()
    onClose()
  }
  return (
    <Base.Root
      modal={false}
      open={open}
      onOpenChange={(next, { reason, event }) => {
        // What opened it closes it by its own click.
        const isTrigger = reason === 'outside-press' && anchor.current?.contains(event.target as Node)
        if (!next && !isTrigger) onClose()
      }}
    >
      <Base.Portal container={landmarkOf(anchor)}>
        <Base.Positioner anchor={anchor} sideOffset={4} align={align} side={side} className="z-50 outline-none">
          <Base.Popup
            ref={byKey ? focusFirst : undefined}
            onKeyDown={leave}
            finalFocus={() => (wasLeft() ? false : anchor.current)}
            aria-labelledby={labelledBy}
            className="overlay appearing max-h-(--available-height) min-w-48 max-w-72 overflow-y-auto p-1"
          >
            {header && <div className="border-line border-b px-2 pt-1.5 pb-2">{header}</div>}
            {groups.map((group, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: groups have no other name, and keep their order.
              <Fragment key={at}>
                {at > 0 && <Base.Separator className="-mx-1 my-1 h-px bg-line" />}
                <Base.Group>
                  {group.label && (
                    <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-faint text-xs">{group.label}</Base.GroupLabel>
                  )}
                  {group.items.map((item) => (
                    <Base.Item
                      key={item.label}
                      onClick={() => press(item)}
                      disabled={item.disabled}
                      render={item.render}
                      {...(item.checked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': item.checked })}
                      className={classes(itemClasses, item.danger && 'text-danger')}
                    >
                      {item.icon && <span className="text-faint [.text-danger_&]:text-danger">{item.icon}</span>}
                      <span className="min-w-0 flex-1 truncate">{item.label}</span>
                      {item.shortcut && <Keys keys={item.shortcut} />}
                      {item.checked !== undefined && (
                        <Check className={classes('size-4 text-accent', !item.checked && 'invisible')} aria-hidden />
                      )}
                    </Base.Item>
                  ))}
                </Base.Group>
              </Fragment>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function focusFirst(popup: HTMLElement | null): void {
  // When it stands where it belongs: a focus before would scroll the page.
  requestAnimationFrame(() => popup?.querySelector<HTMLElement>('[role^=menuitem]:not([data-disabled])')?.focus())
}

/** The focus is elsewhere already: in the dialog that an item has opened, or where somebody pressed. */
function wasLeft(): boolean {
  const { activeElement: active, body } = document
  return active !== null && active !== body && active.closest('[role=menu]') === null
}
