import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { itemsQuery } from '../../api/items.ts'
import { modelsQuery } from '../../api/runtime-parts.ts'
import { modelsOf } from '../../features/agents/agent-columns.tsx'
import { useMay } from '../../shell/me.ts'
import { useRuntime } from '../../shell/runtime.ts'
import type { Choice } from '../../ui/select.tsx'

/** What agents may name as their model: what the runtime's model services list, and what other agents use. */
export function useModelChoices(): Choice<string>[] {
  const runtime = useRuntime()
  const mayAsk = useMay('editor')
  const listed = useQuery({ ...modelsQuery(runtime?.id ?? ''), enabled: mayAsk && runtime !== null }).data
  const agents = useQuery({ ...itemsQuery('agent'), enabled: mayAsk }).data
  return useMemo(() => {
    const found = (listed?.data ?? []).flatMap(({ provider, models }) =>
      (models ?? []).map((model) => `${provider}/${model}`),
    )
    const used = (agents?.data ?? []).flatMap(({ content }) => modelsOf(content['model']))
    // The one that only plays a model is no first choice.
    const all = [...new Set([...used, ...found])]
    return [...all.filter((one) => !isDemo(one)), ...all.filter(isDemo)].map((value) => ({ value, label: value }))
  }, [listed, agents])
}

function isDemo(model: string): boolean {
  return model.startsWith('offline/')
}
