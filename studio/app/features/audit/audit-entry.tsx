import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Differences } from '../../ui/difference.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { KeyValue } from '../../ui/key-value.tsx'
import { AbsoluteTime } from '../../ui/time.tsx'
import { useWords } from '../../words/words.tsx'
import { differencesOf, type Entry, restOf } from './entries.ts'
import { sayAction, sayActor } from './said.ts'

/** One entry, whole: what changed, and its place in the chain. */
export function AuditEntryDialog({ entry, onClose }: { entry: Entry; onClose(): void }) {
  const words = useWords()
  const { n, at, actor, action, target, hashes } = entry
  const differences = differencesOf(entry)
  const rest = restOf(entry)
  const hash = (value: string | null) =>
    value === null ? null : <code className="break-all font-mono text-xs">{value}</code>
  return (
    <Dialog
      open
      onClose={onClose}
      title={sayAction(action, words)}
      actions={
        <Button variant="primary" onClick={onClose}>
          {words.ui.close}
        </Button>
      }
    >
      <KeyValue
        entries={[
          [words.audit.number, n],
          [words.audit.when, <AbsoluteTime key="at" at={at} />],
          [words.audit.who, sayActor(entry, words)],
          [
            words.audit.actorId,
            <code key="actor" className="break-all font-mono text-xs">
              {actor.id}
            </code>,
          ],
          [
            words.audit.what,
            <code key="action" className="font-mono text-xs">
              {action}
            </code>,
          ],
          [
            words.audit.target,
            <code key="target" className="break-all font-mono text-xs">
              {target}
            </code>,
          ],
        ]}
      />
      {differences.length > 0 && <Differences differences={differences} />}
      {Object.keys(rest).length > 0 && (
        <div>
          <p className="mb-1 text-soft text-sm">{words.audit.detail}</p>
          <JsonView value={rest} open={3} />
        </div>
      )}
      <KeyValue
        entries={[
          [words.audit.beforeHash, hash(hashes.beforeHash)],
          [words.audit.afterHash, hash(hashes.afterHash)],
          [words.audit.prevHash, hash(hashes.prevHash)],
          [words.audit.hash, hash(hashes.hash)],
        ]}
      />
    </Dialog>
  )
}
