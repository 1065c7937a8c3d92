import { Link } from '@tanstack/react-router'
import { Button, buttonClasses } from '../../../ui/button.tsx'
import { Code } from '../../../ui/code.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { KeyValue } from '../../../ui/key-value.tsx'
import { Markdown } from '../../../ui/markdown.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { AbsoluteTime } from '../../../ui/time.tsx'
import { useFormats, useWords } from '../../../words/words.tsx'
import { placeOf, textOf } from '../place.ts'
import { DeliveryStatus } from '../states.tsx'
import type { Delivery } from '../types.ts'
import type { Decision } from './delivery-decision.tsx'
import { isForDecision } from './course.ts'

export interface DeliveryDetailProps {
  delivery: Delivery
  mayOperate: boolean
  onClose(): void
  onDecide(decision: Decision): void
}

/** Everything about one delivery. */
export function DeliveryDetail({ delivery, mayOperate, onClose, onDecide }: DeliveryDetailProps) {
  const words = useWords()
  const formats = useFormats()
  const { error, state, task, message } = delivery
  return (
    <Dialog
      open
      width="wide"
      onClose={onClose}
      title={`${words.deliveries.kinds[delivery.kind]} · ${placeOf(delivery.destination, words.watch)}`}
      text={words.deliveries.explained[state]}
      actions={
        <>
          {message !== null && (
            <Link to="/trace/$message" params={{ message }} className={buttonClasses()}>
              {words.trace.title}
            </Link>
          )}
          {task !== null && (
            <Link to="/tasks/$task" params={{ task }} className={buttonClasses()}>
              {words.trace.showTask}
            </Link>
          )}
          {mayOperate && isForDecision(delivery) && (
            <>
              <Button onClick={() => onDecide({ delivery, action: 'discard' })}>{words.deliveries.discard}</Button>
              <Button variant="primary" onClick={() => onDecide({ delivery, action: 'retry' })}>
                {words.deliveries.retry}
              </Button>
            </>
          )}
        </>
      }
    >
      {error && (
        <Notice kind={state === 'sent' ? 'info' : 'danger'}>
          <span className="block font-medium">{words.deliveries.said}</span>
          {error.message}
          {error.hint && <span className="block">{error.hint}</span>}
        </Notice>
      )}
      <KeyValue
        entries={[
          [words.watch.state, <DeliveryStatus key="state" state={state} />],
          [words.deliveries.attempts, formats.number(delivery.attempt)],
          [words.deliveries.created, <AbsoluteTime key="created" at={delivery.createdAt} />],
          [
            words.deliveries.settled,
            delivery.settledAt === null ? null : <AbsoluteTime key="settled" at={delivery.settledAt} />,
          ],
          [words.deliveries.next, delivery.nextAt === null ? null : <AbsoluteTime key="next" at={delivery.nextAt} />],
          [
            words.deliveries.retriedAt,
            delivery.retriedAt === null ? null : <AbsoluteTime key="retried" at={delivery.retriedAt} />,
          ],
          [words.deliveries.uncertain, delivery.uncertainCount > 0 ? formats.number(delivery.uncertainCount) : null],
          [words.deliveries.target, delivery.target === null ? null : <Code key="target">{delivery.target}</Code>],
          [words.watch.id, <Code key="id">{delivery.id}</Code>],
        ]}
      />
      <div className="text-sm">
        <h3 className="mb-1 font-medium text-faint text-xs">{words.deliveries.body}</h3>
        {delivery.body.length === 0 ? words.ui.none : <Markdown text={textOf(delivery.body)} />}
      </div>
    </Dialog>
  )
}
