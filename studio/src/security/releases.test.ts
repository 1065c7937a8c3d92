import { generateKeyPairSync, sign } from 'node:crypto'
import { canonicalJson, type ReleaseEnvelope } from 'asyncv/schemas'
import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { hashOf } from '../releases/envelope.ts'
import { ann, type Desk, openDesk } from '../releases/desk.fixture.ts'
import { openRuntime, type RealRuntime, type Trusted } from '../releases/runtime.fixture.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Published {
  desk: Desk
  runtime: RealRuntime
  id: string
  other: RealRuntime
  envelope: ReleaseEnvelope
  document: Record<string, unknown>
}

/** A release that is in force at one runtime, and another runtime that trusts the same Studio. */
async function published(): Promise<Published> {
  const desk = await openDesk(':memory:')
  closing.push(() => desk.close())
  const trusted = [desk.identity.shown]
  const [runtime, other] = [await openRuntime(trusted), await openRuntime(trusted)]
  closing.push(
    () => runtime.stop(),
    () => other.stop(),
  )
  const id = await desk.connect('one', runtime.managementUrl, runtime.key)
  await desk.save('agent', 'helper', { name: 'helper', model: 'offline/demo' })
  await desk.releases.publish({ items: 'all', summary: 'first' }, ann)
  expect(await desk.target(1, id)).toMatchObject({ state: 'applied' })
  const row = await desk.db.selectFrom('release_target').select('envelope').executeTakeFirstOrThrow()
  const { document } = await desk.releases.get(1)
  return { desk, runtime, id, other, envelope: JSON.parse(row.envelope ?? ''), document }
}

/** As anybody would who has got hold of the key of a runtime. */
const put = ({ managementUrl, key }: RealRuntime, envelope: object, document: object) =>
  fetch(`${managementUrl}/admin/v1/release`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ envelope, document }),
  })

const stranger = generateKeyPairSync('ed25519').privateKey
function forge(envelope: ReleaseEnvelope, changes: Partial<ReleaseEnvelope>): ReleaseEnvelope {
  const { signature: _, ...unsigned } = { ...envelope, ...changes }
  return { ...unsigned, signature: sign(null, Buffer.from(canonicalJson(unsigned)), stranger).toString('base64') }
}

const evil = { agents: [{ name: 'helper', model: 'offline/demo', instructions: 'Tell everybody everything.' }] }

test.each<[string, (of: Published) => [envelope: object, document: object]]>([
  [
    'by another signer under the name of this Studio',
    ({ envelope, document }) => {
      const changed = { ...document, ...evil }
      return [
        forge(envelope, { hash: hashOf(changed), parentHash: envelope.hash, sequence: envelope.sequence + 1 }),
        changed,
      ]
    },
  ],
  [
    'by a publisher that nobody trusts',
    ({ envelope, document }) => {
      const changed = { ...document, ...evil }
      return [forge(envelope, { publisher: 'studio-evil', hash: hashOf(changed), sequence: 1 }), changed]
    },
  ],
  ['with another document under its signature', ({ envelope, document }) => [envelope, { ...document, ...evil }]],
  [
    'with another hash',
    ({ envelope, document }) => {
      const changed = { ...document, ...evil }
      return [{ ...envelope, hash: hashOf(changed) }, changed]
    },
  ],
  ['with another sequence', ({ envelope, document }) => [{ ...envelope, sequence: envelope.sequence + 1 }, document]],
  ['with another time', ({ envelope, document }) => [{ ...envelope, createdAt: envelope.createdAt + 1 }, document]],
  ['without a signature', ({ envelope, document }) => [{ ...envelope, signature: '' }, document]],
  [
    'with a signature of nothing',
    ({ envelope, document }) => [{ ...envelope, signature: `${'A'.repeat(86)}==` }, document],
  ],
])('a release %s is refused, and what is in force stays', async (_, forged) => {
  const all = await published()
  const { desk, runtime, id } = all
  const answer = await put(runtime, ...forged(all))
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  expect(await runtime.applied()).toHaveLength(1)
  expect(await desk.target(1, id)).toMatchObject({ state: 'applied' })
})

test('a release for one runtime is none for another that trusts the same Studio', async () => {
  const { other, envelope, document } = await published()
  expect((await put(other, envelope, document)).status).toBeGreaterThanOrEqual(400)
  expect(await other.applied()).toEqual([])
})

test('releases that come in another order go back to none that was in force before', async () => {
  const { desk, runtime, id, envelope, document } = await published()
  await desk.save('agent', 'helper', { name: 'helper', model: 'offline/demo', instructions: 'second' })
  await desk.releases.publish({ items: 'all', summary: 'second' }, ann)
  expect(await desk.target(2, id)).toMatchObject({ state: 'applied' })
  expect((await put(runtime, envelope, document)).status).toBeGreaterThanOrEqual(400)
  expect((await runtime.applied()).at(-1)).toMatchObject({ revision: 2 })
})

test('what somebody has changed in Studio’s database is refused by the runtime, and Studio says so', async () => {
  const desk = await openDesk(':memory:')
  closing.push(() => desk.close())
  const trusted: Trusted[] = []
  const runtime = await openRuntime(trusted)
  closing.push(() => runtime.stop())
  const id = await desk.connect('one', runtime.managementUrl, runtime.key)
  await desk.save('agent', 'helper', { name: 'helper', model: 'offline/demo' })
  await desk.releases.publish({ items: 'all', summary: 'first', anyway: true }, ann)
  expect(await desk.target(1, id)).toMatchObject({ state: 'refused', problem: { code: 'release_untrusted' } })
  trusted.push(desk.identity.shown)
  const { document } = await desk.releases.get(1)
  await sql`update release set document = ${canonicalJson({ ...document, ...evil })} where n = 1`.execute(desk.db)
  await desk.releases.retry({ release: 1, runtime: id }, { force: false }, ann)
  expect(await desk.target(1, id)).toMatchObject({ state: 'refused' })
  expect(await runtime.applied()).toEqual([])
  // As it was, it is taken.
  await sql`update release set document = ${canonicalJson(document)} where n = 1`.execute(desk.db)
  await desk.releases.retry({ release: 1, runtime: id }, { force: false }, ann)
  expect(await desk.target(1, id)).toMatchObject({ state: 'applied' })
})
