import { Check } from 'lucide-react'
import type { ComponentType, ReactNode } from 'react'

/** One of those that can be chosen in a `Select` or a `Combobox`. */
export interface Choice<Value extends string> {
  value: Value
  label: string
  /** A line below the label, in the open list alone. */
  hint?: string
  icon?: ReactNode
  disabled?: boolean
}

export const choiceListClasses = 'overlay appearing max-h-(--available-height) overflow-y-auto p-1'

export const choiceClasses =
  'flex cursor-default select-none gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-highlighted:bg-chosen data-disabled:text-faint'

export interface ChoiceLineProps {
  choice: Choice<string>
  /** Draws its children where this one is chosen. */
  Indicator: ComponentType<{ children: ReactNode }>
  /** The label as the list needs it; default: as it is. */
  label?: ReactNode
}

/** What is inside of one choice of an open list. */
export function ChoiceLine({ choice: { label, hint, icon }, Indicator, label: drawn = label }: ChoiceLineProps) {
  return (
    <>
      <span className="grid w-4 shrink-0 place-items-center self-start pt-0.5 text-accent">
        <Indicator>
          <Check className="size-4" aria-hidden />
        </Indicator>
      </span>
      {icon}
      <span className="min-w-0 break-words">
        {drawn}
        {hint && <span className="block text-faint text-xs">{hint}</span>}
      </span>
    </>
  )
}
