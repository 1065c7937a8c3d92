/** Lists: pages that neither repeat nor skip while the list changes, and cursors that are checked. */
import assert from 'node:assert/strict'
import type { Page, PageRequest } from '../../page.ts'
import { accept, begin, deliveryOf, finishOf, type Scene } from './scene.ts'

/** Reads a list page by page; `between` happens after each. */
async function all<Item>(
  list: (page: PageRequest) => Promise<Page<Item>>,
  limit: number,
  between: () => Promise<unknown> = async () => {},
): Promise<Item[]> {
  const items: Item[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await list(cursor === undefined ? { limit } : { limit, cursor })
    assert.ok(page.data.length <= limit)
    items.push(...page.data)
    await between()
    if (page.nextCursor === null) return items
    cursor = page.nextCursor
  }
}

const ids = (items: { id: string }[]): string[] => items.map(({ id }) => id)

export const paging: Record<string, (scene: Scene) => Promise<void>> = {
  async 'lists messages oldest first, also while others come in'(scene) {
    const taken = [
      await accept(scene),
      await accept(scene),
      await accept(scene),
      await accept(scene),
      await accept(scene),
    ]
    const session = taken[0]?.session ?? ''
    let more = 2
    const listed = await all(
      (page) => scene.storage.messages(session, page),
      2,
      async () => {
        if (more-- > 0) taken.push(await accept(scene))
      },
    )
    assert.deepEqual(
      ids(listed),
      taken.map(({ message }) => message),
    )
  },

  async 'lists in the other order, too, with cursors that are of that order'(scene) {
    const taken = [await accept(scene), await accept(scene), await accept(scene)]
    const { storage } = scene
    const session = taken[0]?.session ?? ''
    const tasks = await all((page) => storage.tasks({ ...page, order: 'oldest' }), 2)
    assert.deepEqual(
      ids(tasks),
      taken.map(({ task }) => task),
    )
    const messages = await all((page) => storage.messages(session, { ...page, order: 'newest' }), 2)
    assert.deepEqual(ids(messages), taken.map(({ message }) => message).toReversed())
    assert.deepEqual(ids((await storage.sessions({ order: 'oldest' })).data), [session])
    const { nextCursor } = await storage.tasks({ limit: 1, order: 'oldest' })
    const cursor = nextCursor ?? ''
    await assert.rejects(storage.tasks({ cursor }), { code: 'input_invalid' })
    await assert.rejects(storage.tasks({ order: 'best' as never }), { code: 'input_invalid' })
    assert.equal((await storage.tasks({ limit: 1, order: 'oldest', cursor })).data[0]?.id, taken[1]?.task)
  },

  async 'lists tasks newest first, without those that come in meanwhile'(scene) {
    const taken = [
      await accept(scene),
      await accept(scene),
      await accept(scene),
      await accept(scene),
      await accept(scene),
    ]
    const listed = await all(
      (page) => scene.storage.tasks(page),
      2,
      () => accept(scene),
    )
    assert.deepEqual(ids(listed), taken.map(({ task }) => task).reverse())
  },

  async 'lists tasks of one session, of one state, or both'(scene) {
    const { storage } = scene
    const running = await begin(scene)
    const queued = await accept(scene)
    const elsewhere = await accept(scene, { address: 'tg:1:other:-' })
    const { session } = running
    assert.deepEqual(ids((await storage.tasks({ session })).data), [queued.task, running.task])
    assert.deepEqual(ids((await storage.tasks({ state: 'queued' })).data), [elsewhere.task, queued.task])
    assert.deepEqual(ids((await storage.tasks({ session, state: 'running' })).data), [running.task])
    await storage.finish(finishOf(scene, running, { reply: 'hi' }))
    assert.deepEqual((await storage.tasks({ state: 'done' })).data[0]?.reply, [{ type: 'text', text: 'hi' }])
  },

  async 'lists the tasks of a session page by page, ended ones too'(scene) {
    const tasks: string[] = []
    let session = ''
    for (let count = 0; count < 5; count++) {
      const running = await begin(scene)
      await scene.storage.finish(finishOf(scene, running))
      tasks.unshift(running.task)
      session = running.session
    }
    assert.deepEqual(ids(await all((page) => scene.storage.tasks({ session, ...page }), 2)), tasks)
  },

  async 'lists sessions newest first'(scene) {
    const sessions: string[] = []
    for (const name of ['a', 'b', 'c']) sessions.unshift((await accept(scene, { address: `tg:1:${name}:-` })).session)
    assert.deepEqual(ids(await all((page) => scene.storage.sessions(page), 2)), sessions)
  },

  async 'lists deliveries newest first, by state, task or destination'(scene) {
    const { storage } = scene
    const { task } = await begin(scene)
    const answer = deliveryOf(task, 0, { state: 'sending' })
    const post = deliveryOf(null)
    const elsewhere = deliveryOf(null, 0, { destination: 'tg:1:other:-' })
    await storage.post([answer, post, elsewhere], scene.at)
    assert.deepEqual(ids(await all((page) => storage.deliveries(page), 2)), [elsewhere.id, post.id, answer.id])
    assert.deepEqual(ids((await storage.deliveries({ state: 'pending' })).data), [elsewhere.id, post.id])
    assert.deepEqual(ids((await storage.deliveries({ task })).data), [answer.id])
    assert.deepEqual(ids((await storage.deliveries({ destination: 'tg:1:other:-' })).data), [elsewhere.id])
  },

  async 'has no next page when the last one is full'(scene) {
    await accept(scene)
    await accept(scene)
    assert.equal((await scene.storage.tasks({ limit: 2 })).nextCursor, null)
    assert.notEqual((await scene.storage.tasks({ limit: 1 })).nextCursor, null)
  },

  async 'gives 50 at once unless told otherwise'(scene) {
    for (let count = 0; count < 51; count++) await accept(scene)
    const { data, nextCursor } = await scene.storage.tasks({})
    assert.equal(data.length, 50)
    assert.notEqual(nextCursor, null)
  },

  async 'refuses a cursor that is not of this list, and a limit out of bounds'(scene) {
    const { storage } = scene
    const { session } = await accept(scene)
    await accept(scene)
    const { nextCursor } = await storage.messages(session, { limit: 1 })
    assert.ok(nextCursor)
    for (const cursor of ['', 'nonsense', '%%%', nextCursor, Buffer.from("' or 1=1").toString('base64url')]) {
      await assert.rejects(storage.tasks({ cursor }), { code: 'input_invalid', message: /cursor/ })
    }
    for (const limit of [0, 501, 1.5, Number.NaN]) {
      await assert.rejects(storage.sessions({ limit }), { code: 'input_invalid', message: /limit/ })
    }
  },
}
