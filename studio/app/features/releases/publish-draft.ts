import { useDraft } from '../../ui/draft.ts'

const first = { summary: '', withoutItems: [] as string[], withoutRuntimes: [] as string[] }

export type PublishDraft = ReturnType<typeof usePublishDraft>

/** What was typed and chosen for the next release: kept in this browser until it is published. */
export function usePublishDraft() {
  const { value, set, clear } = useDraft('publish', first)
  return {
    value,
    set,
    clear: () => clear(first),
    /** Chosen or not: what is new is chosen until somebody leaves it out. */
    toggle(list: 'withoutItems' | 'withoutRuntimes', key: string, chosen: boolean): void {
      const without = value[list].filter((one) => one !== key)
      set({ ...value, [list]: chosen ? without : [...without, key] })
    },
  }
}
