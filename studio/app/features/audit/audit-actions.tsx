import { useMutation } from '@tanstack/react-query'
import { Download, ShieldCheck } from 'lucide-react'
import { csvRow } from '../../../src/schemas/csv.ts'
import { DownloadLink } from '../../api/download-link.tsx'
import { tell } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { download } from '../../ui/download.ts'
import { Menu } from '../../ui/menu.tsx'
import { toast } from '../../ui/toast.ts'
import { useWords } from '../../words/words.tsx'
import type { Verdict } from './entries.ts'
import { type Log, verify, wholeLog } from './queries.ts'

export interface AuditActionsProps {
  log: Log
  onVerdict(verdict: Verdict): void
}

/** Proves the chain, and takes the log along. */
export function AuditActions({ log, onVerdict }: AuditActionsProps) {
  const words = useWords()
  const fail = (error: unknown): void => toast(tell(error, words).title, { kind: 'danger' })
  const proof = useMutation({ mutationFn: () => verify(log), onSuccess: onVerdict, onError: fail })
  const taking = useMutation({ mutationFn: (format: 'jsonl' | 'csv') => takeRuntimes(log, format), onError: fail })
  const item = (format: 'jsonl' | 'csv', label: string) =>
    log.of === 'studio'
      ? { label, render: <DownloadLink path="/audit/export" query={{ format }} /> }
      : { label, onSelect: () => taking.mutate(format) }
  return (
    <>
      <Menu
        trigger={
          <Button icon={<Download className="size-4" aria-hidden />} pending={taking.isPending}>
            {words.audit.export}
          </Button>
        }
        groups={[{ items: [item('jsonl', words.audit.jsonLines), item('csv', words.audit.csv)] }]}
      />
      <Button
        variant="primary"
        icon={<ShieldCheck className="size-4" aria-hidden />}
        pending={proof.isPending}
        onClick={() => proof.mutate()}
      >
        {words.audit.verify}
      </Button>
    </>
  )
}

const heads = ['n', 'at', 'actor', 'name', 'action', 'target', 'before hash', 'after hash', 'previous hash', 'hash']

async function takeRuntimes(log: Log, format: 'jsonl' | 'csv'): Promise<void> {
  if (log.of !== 'runtime') return
  const pieces = format === 'csv' ? [csvRow(heads)] : []
  for await (const entry of wholeLog(log.runtime)) {
    const { n, at, actor, action, target, beforeHash, afterHash, prevHash, hash } = entry
    const cells = [String(n), new Date(at).toISOString(), actor.id, actor.name, action, target, beforeHash, afterHash]
    pieces.push(
      format === 'csv' ? csvRow([...cells, prevHash, hash].map((cell) => cell ?? '')) : `${JSON.stringify(entry)}\n`,
    )
  }
  download(`runtime-audit.${format}`, format === 'csv' ? 'text/csv' : 'application/jsonl', pieces)
}
