import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import type { LucideIcon } from 'lucide-react'
import { itemsQuery } from '../../api/items.ts'
import { installedQuery, statusQuery } from '../../api/runtime-parts.ts'
import { usePartColumns } from '../../features/parts/part-columns.tsx'
import { partLabel } from '../../features/parts/part-label.ts'
import { PartCreate } from '../../features/parts/part-create.tsx'
import { type PartKind, typesOf } from '../../features/parts/part-types.ts'
import { RuntimeOnly } from '../../features/parts/runtime-only.tsx'
import { useMay } from '../../shell/me.ts'
import { useRuntime } from '../../shell/runtime.ts'
import { useWords } from '../../words/words.tsx'
import { ItemListPage, type ItemListPageProps } from './-item-list-page.tsx'

export interface PartListPageProps extends Pick<ItemListPageProps, 'search'> {
  kind: PartKind
  Icon: LucideIcon
}

/** The list of connectors or model services, with what they are doing in the runtime that is watched. */
export function PartListPage({ kind, search, Icon }: PartListPageProps) {
  const words = useWords()
  const runtime = useRuntime()
  const status = useQuery({ ...statusQuery(runtime?.id ?? ''), enabled: runtime !== null }).data
  const mayOperate = useMay('operator')
  const known = useSuspenseQuery(itemsQuery(kind)).data.data
  return (
    <>
      <ItemListPage
        kind={kind}
        search={search}
        columns={usePartColumns(kind, runtime, status, mayOperate)}
        Icon={Icon}
        said={words.parts[kind]}
        labelOf={partLabel}
        create={(props) => <Create kind={kind} {...props} />}
      />
      {runtime && status && (
        <RuntimeOnly
          kind={kind}
          runtime={runtime}
          status={status}
          known={known.map(({ name }) => name)}
          mayOperate={mayOperate}
        />
      )}
    </>
  )
}

function Create({ kind, ...props }: { kind: PartKind; onClose(): void; onCreated(name: string): void }) {
  const runtime = useRuntime()
  const installed = useQuery({ ...installedQuery(runtime?.id ?? ''), enabled: runtime !== null })
  // It begins with the first type, so it waits until these are known.
  if (installed.isLoading) return null
  return <PartCreate kind={kind} types={typesOf(installed.data, kind)} {...props} />
}
