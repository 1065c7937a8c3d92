import type { Migration } from '../set.ts'

// What is asked for at each publish and each look at a runtime, and the deliveries of a webhook by their order: without these
// every one of them reads a table from its first row to its last.
export const lookUps: Migration = {
  version: 3,
  name: 'look-ups',
  up: {
    sqlite: [
      `create index release_target_of on release_target (runtime_id, release)`,
      `drop index webhook_delivery_of`,
      `create index webhook_delivery_of on webhook_delivery (webhook_id, id)`,
    ],
  },
  down: {
    sqlite: [
      `drop index webhook_delivery_of`,
      `create index webhook_delivery_of on webhook_delivery (webhook_id)`,
      `drop index release_target_of`,
    ],
  },
}
