import { CodeLine } from '../../ui/code.tsx'
import { useWords } from '../../words/words.tsx'
import type { Identity } from './queries.ts'

/** What a runtime's host has to be told, and what it shows in answer. */
export function TrustSteps({ identity }: { identity: Identity }) {
  const words = useWords().runtimes
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <CodeLine text={identity.trustCommand} />
      <dl className="grid gap-x-8 gap-y-4 text-sm sm:grid-cols-[auto_1fr]">
        <div>
          <dt className="text-faint text-xs">{words.publisher}</dt>
          <dd className="font-mono">{identity.publisher}</dd>
        </div>
        <div className="min-w-0">
          <dt className="text-faint text-xs">{words.fingerprint}</dt>
          <dd className="break-all font-mono">{identity.fingerprint}</dd>
          <dd className="mt-1 text-faint text-xs">{words.fingerprintHint}</dd>
        </div>
      </dl>
    </div>
  )
}
