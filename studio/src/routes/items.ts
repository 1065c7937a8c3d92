import type { Context } from 'hono'
import type { z } from 'zod'
import { readBody, readQuery } from '../http/body.ts'
import { Problem } from '../http/problem.ts'
import type { Items } from '../items/items.ts'
import type { ItemPorts } from '../items/ports.ts'
import { listItems, listVersions, readVersion, versionsApart } from '../items/read.ts'
import {
  itemCreation,
  itemDeletion,
  itemKind,
  type ItemReference,
  itemQuery,
  itemRenaming,
  itemRestoring,
  itemSaving,
  versionDifferenceQuery,
} from '../schemas/item.ts'
import { type itemTemplate, itemTemplates } from '../schemas/item-templates.ts'
import type { Router } from './router.ts'

/** Items, one by one: what is there, its versions, and what an editor makes of it. */
export function itemRoutes(routes: Router, items: Items, { db }: Pick<ItemPorts, 'db'>): void {
  routes.on('GET /api/items', async (c) => c.json({ data: await listItems(db, readQuery(c, itemQuery)) }))
  routes.on('GET /api/items/templates', (c) =>
    c.json({ data: itemTemplates satisfies readonly z.infer<typeof itemTemplate>[] }),
  )
  routes.on('POST /api/items', async (c, { user }) =>
    c.json(await items.create(user, await readBody(c, itemCreation)), 201),
  )
  routes.on('GET /api/items/:kind/:name', async (c) => c.json(await items.get(itemOf(c))))
  routes.on('PUT /api/items/:kind/:name', async (c, { user }) =>
    c.json(await items.save(user, itemOf(c), await readBody(c, itemSaving))),
  )
  routes.on('DELETE /api/items/:kind/:name', async (c, { user }) =>
    c.json(await items.remove(user, itemOf(c), readQuery(c, itemDeletion))),
  )
  routes.on('POST /api/items/:kind/:name/restore', async (c, { user }) =>
    c.json(await items.restore(user, itemOf(c), await readBody(c, itemRestoring))),
  )
  routes.on('POST /api/items/:kind/:name/rename', async (c, { user }) =>
    c.json(await items.rename(user, itemOf(c), await readBody(c, itemRenaming))),
  )
  routes.on('GET /api/items/:kind/:name/versions', async (c) => c.json({ data: await listVersions(db, itemOf(c)) }))
  routes.on('GET /api/items/:kind/:name/versions/:n', async (c) =>
    c.json(await readVersion(db, itemOf(c), numberOf(c))),
  )
  routes.on('GET /api/items/:kind/:name/difference', async (c) =>
    c.json(await versionsApart(db, itemOf(c), readQuery(c, versionDifferenceQuery))),
  )
}

/** Throws `item_unknown` for a kind that there is not. */
function itemOf(c: Context): ItemReference {
  const kind = itemKind.safeParse(c.req.param('kind'))
  if (kind.success) return { kind: kind.data, name: c.req.param('name') ?? '' }
  throw new Problem('item_unknown', `There are no items of kind ${JSON.stringify(c.req.param('kind'))}.`, {
    hint: `There are ${itemKind.options.join(', ')}.`,
  })
}

function numberOf(c: Context): number {
  const given = c.req.param('n') ?? ''
  if (/^[1-9]\d{0,14}$/.test(given)) return Number(given)
  throw new Problem('item_unknown', `There is no version ${JSON.stringify(given)}.`, {
    hint: 'Versions are 1, 2, 3, ….',
  })
}
