import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { GitPullRequestArrow } from 'lucide-react'
import { useMemo } from 'react'
import { changesQuery } from '../features/releases/queries.ts'
import { useWords } from '../words/words.tsx'
import { type Command, useCommands } from './commands.ts'
import { useShortcuts } from './shortcuts.ts'

/** How many changes are saved and not published; 0 while that is not known. */
export function useUnpublished(): number {
  return useQuery({ ...changesQuery, select: ({ data }) => data.length }).data ?? 0
}

const keys = 'g h'

/** From everywhere to what would be published. */
export function useChangesCommand(): void {
  const words = useWords()
  const router = useRouter()
  const count = useUnpublished()
  const command = useMemo(
    (): Command => ({
      id: 'changes',
      Icon: GitPullRequestArrow,
      title: words.changes.review,
      ...(count > 0 ? { text: words.shell.unpublished(count) } : {}),
      also: 'publish unpublished changes',
      shortcut: keys,
      run: () => void router.navigate({ to: '/releases/changes' }),
    }),
    [words, router, count],
  )
  useCommands(useMemo(() => [command], [command]))
  useShortcuts([{ keys, label: words.changes.review, run: command.run }])
}
