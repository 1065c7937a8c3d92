import type { Status as RuntimeStatus } from '../../api/runtime-parts.ts'
import { Code } from '../../ui/code.tsx'
import { Section } from '../../ui/page-header.tsx'
import { Status } from '../../ui/status.tsx'
import { useWords } from '../../words/words.tsx'
import { liveKinds, liveOf } from './live.ts'
import { OperateMenu } from './operate-menu.tsx'
import type { PartKind } from './part-types.ts'

export interface RuntimeOnlyProps {
  kind: PartKind
  runtime: { id: string; name: string }
  status: RuntimeStatus
  /** The names of those that are items here. */
  known: readonly string[]
  mayOperate: boolean
}

/** What runs there and is not kept here: set by the program or the file of the runtime itself. */
export function RuntimeOnly({ kind, runtime, status, known, mayOperate }: RuntimeOnlyProps) {
  const words = useWords().parts
  const found = (kind === 'connector' ? status.connectors : status.providers).filter(
    ({ name }) => !known.includes(name),
  )
  if (found.length === 0) return null
  return (
    <div className="mt-8">
      <Section title={words.onlyThere(runtime.name)} text={words.onlyThereText}>
        <ul className="divide-y divide-line border-line border-y text-sm">
          {found.map(({ name, type }) => {
            const { state, account } = liveOf(status, kind, name)
            return (
              <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-2 py-2">
                <span className="min-w-16 font-medium sm:min-w-32">{name}</span>
                <Code>{type ?? '–'}</Code>
                {account && <Code>{account}</Code>}
                <span className="ml-auto flex h-7 items-center gap-2">
                  <Status kind={liveKinds[state]}>{words.states[state]}</Status>
                  {mayOperate && <OperateMenu kind={kind} name={name} runtime={runtime.id} state={state} />}
                </span>
              </li>
            )
          })}
        </ul>
      </Section>
    </div>
  )
}
