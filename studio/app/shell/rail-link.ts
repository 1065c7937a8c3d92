import { classes } from '../ui/classes.ts'

/** The looks of a link in the rail. */
export function railLinkClasses(narrow: boolean): string {
  return classes(
    'relative flex h-8 items-center gap-2.5 rounded-md text-sm text-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-chosen aria-[current=page]:font-medium aria-[current=page]:text-ink',
    narrow ? 'justify-center' : 'px-2',
  )
}
