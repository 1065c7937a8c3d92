import { useQuery } from '@tanstack/react-query'
import { installedQuery, secretsQuery, statusQuery } from '../../api/runtime-parts.ts'
import type { FieldsProps } from '../../features/items/item-editor.tsx'
import { PartFields } from '../../features/parts/part-fields.tsx'
import { partLabel } from '../../features/parts/part-label.ts'
import { PartLive } from '../../features/parts/part-live.tsx'
import { type PartKind, typesOf } from '../../features/parts/part-types.ts'
import { useMay } from '../../shell/me.ts'
import { useRuntime } from '../../shell/runtime.ts'
import { Panes } from '../../ui/panes.tsx'
import { ListSkeleton } from '../../ui/skeleton.tsx'
import { useWords } from '../../words/words.tsx'
import { ItemPage, type ItemPageProps } from './-item-page.tsx'

export interface PartPageProps extends Pick<ItemPageProps, 'search'> {
  kind: PartKind
  name: string
}

/** The page of a connector or a model service: what it is set to, and what it is doing. */
export function PartPage({ kind, name, search }: PartPageProps) {
  const words = useWords()
  return (
    <ItemPage
      reference={{ kind, name }}
      search={search}
      labelOf={(pointer) => partLabel(pointer, words)}
      fields={(given) => <Fields kind={kind} name={name} {...given} />}
    />
  )
}

/** What the runtime knows is a help: without it the form is JSON. */
function Fields({ kind, name, ...given }: FieldsProps & { kind: PartKind; name: string }) {
  const words = useWords().parts
  const runtime = useRuntime()
  const mayRead = useMay('editor')
  const mayOperate = useMay('operator')
  const id = runtime?.id ?? ''
  const installed = useQuery({ ...installedQuery(id), enabled: runtime !== null })
  const secrets = useQuery({ ...secretsQuery(id), enabled: runtime !== null && mayRead })
  const status = useQuery({ ...statusQuery(id), enabled: runtime !== null })
  // Until it is known what can be set: JSON that becomes a form under the hand would be worse.
  const fields = installed.isLoading ? (
    <ListSkeleton rows={4} />
  ) : (
    <PartFields
      {...given}
      name={name}
      types={typesOf(installed.data, kind)}
      vault={runtime && secrets.data ? { runtime, secrets: secrets.data.data, maySet: mayOperate } : null}
    />
  )
  if (runtime === null) return fields
  return (
    <Panes
      sideLabel={words.inRuntime(runtime.name)}
      side={
        <PartLive
          kind={kind}
          name={name}
          runtime={runtime}
          status={status.data}
          error={status.error}
          mayOperate={mayOperate}
        />
      }
    >
      {fields}
    </Panes>
  )
}
