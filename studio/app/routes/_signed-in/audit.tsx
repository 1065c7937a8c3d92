import { createFileRoute, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { z } from 'zod'
import { AuditActions } from '../../features/audit/audit-actions.tsx'
import { AuditList } from '../../features/audit/audit-list.tsx'
import type { Verdict } from '../../features/audit/entries.ts'
import { auditQuery, type Log } from '../../features/audit/queries.ts'
import { VerdictNotice } from '../../features/audit/verdict-notice.tsx'
import { useRuntime } from '../../shell/runtime.ts'
import { useTitle } from '../../shell/title.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { tabClasses, tabListClasses } from '../../ui/tabs.tsx'
import { useWords } from '../../words/words.tsx'
import { searchText } from './-search-text.ts'

export const Route = createFileRoute('/_signed-in/audit')({
  validateSearch: z.object({
    log: z.enum(['studio', 'runtime']).optional().catch(undefined),
    actor: searchText,
    action: searchText,
    /** The number of the entry that is looked at. */
    entry: z.int().min(1).optional().catch(undefined),
  }),
  loaderDeps: ({ search: { log, actor, action } }) => ({ log, actor, action }),
  loader: ({ context: { client, runtime }, deps: { log, ...filter } }) =>
    client.ensureInfiniteQueryData(auditQuery(logOf(log, runtime), filter)),
  component: AuditPage,
})

function AuditPage() {
  const words = useWords().audit
  const { log: wanted, actor, action, entry } = Route.useSearch()
  const navigate = Route.useNavigate()
  const runtime = useRuntime()
  const log = logOf(wanted, runtime)
  const key = log.of === 'studio' ? 'studio' : log.runtime
  const [verdict, setVerdict] = useState<{ of: string; verdict: Verdict } | null>(null)
  useTitle(words.title)
  return (
    <>
      <PageHeader
        title={words.title}
        text={words.text}
        actions={<AuditActions key={key} log={log} onVerdict={(found) => setVerdict({ of: key, verdict: found })} />}
      />
      {runtime && (
        <nav aria-label={words.which} className={`mb-4 ${tabListClasses}`}>
          {(['studio', 'runtime'] as const).map((one) => (
            <Link
              key={one}
              to="/audit"
              search={(now) => ({ runtime: now.runtime, log: one === 'studio' ? undefined : one })}
              className={tabClasses}
              aria-current={log.of === one ? 'page' : undefined}
              activeProps={{}}
              activeOptions={{ exact: true, includeSearch: true }}
            >
              {one === 'studio' ? words.logs.studio : words.logs.runtime(runtime.name)}
            </Link>
          ))}
        </nav>
      )}
      {verdict?.of === key && <VerdictNotice verdict={verdict.verdict} />}
      <AuditList
        key={key}
        log={log}
        filter={{ actor, action }}
        chosen={entry ?? null}
        onFilter={(change) =>
          void navigate({ search: (now) => ({ ...now, ...change, entry: undefined }), replace: true })
        }
        // The way back leads out of an entry, to the list.
        onChoose={(n) => void navigate({ search: (now) => ({ ...now, entry: n ?? undefined }), replace: n === null })}
      />
    </>
  )
}

function logOf(wanted: 'studio' | 'runtime' | undefined, runtime: { id: string } | null): Log {
  return wanted === 'runtime' && runtime ? { of: 'runtime', runtime: runtime.id } : { of: 'studio' }
}
