import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

export const tabClasses =
  'inline-flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 px-0.5 font-medium text-sm text-soft hover:text-ink data-active:border-accent data-active:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink'

export const tabListClasses = 'flex gap-5 overflow-x-auto border-line border-b'

export interface Tab<Value extends string> {
  value: Value
  label: string
  /** Beside the label: a count. */
  count?: number
  content: ReactNode
}

export interface TabsProps<Value extends string> {
  label: string
  /** Keep it in the URL's search, so that a reload stays on it. */
  value: Value
  onChange(value: Value): void
  tabs: readonly Tab<Value>[]
}

/** Views of one thing. Pages that have addresses of their own are links instead, with `tabClasses`. */
export function Tabs<Value extends string>({ label, value, onChange, tabs }: TabsProps<Value>) {
  return (
    <Base.Root value={value} onValueChange={(next) => onChange(next as Value)} className="flex min-h-0 flex-col">
      <Base.List className={tabListClasses} aria-label={label}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} className={tabClasses}>
            {tab.label}
            {tab.count !== undefined && <span className="text-faint">{tab.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="min-h-0 pt-4">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
