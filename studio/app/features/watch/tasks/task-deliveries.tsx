import { Link } from '@tanstack/react-router'
import { Duration } from '../../../ui/time.tsx'
import { useWords } from '../../../words/words.tsx'
import { placeOf } from '../place.ts'
import { DeliveryStatus } from '../states.tsx'
import type { Delivery } from '../types.ts'

/** What of a task went out to a chat platform, a line each. */
export function TaskDeliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const words = useWords()
  return (
    <ul className="divide-y divide-line text-sm">
      {deliveries.map((delivery) => (
        <li key={delivery.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2">
          <span className="w-24">
            <DeliveryStatus state={delivery.state} />
          </span>
          <Link
            to="/deliveries"
            search={{ task: delivery.task ?? undefined, show: delivery.id }}
            className="min-w-0 flex-1 truncate text-accent hover:underline"
          >
            {words.deliveries.kinds[delivery.kind]} · {placeOf(delivery.destination, words.watch)}
          </Link>
          <span className="text-soft">
            <Duration ms={delivery.settledAt === null ? null : delivery.settledAt - delivery.createdAt} />
          </span>
          {delivery.error && <span className="w-full text-danger">{delivery.error.message}</span>}
        </li>
      ))}
    </ul>
  )
}
