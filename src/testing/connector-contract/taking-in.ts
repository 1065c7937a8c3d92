import assert from 'node:assert/strict'
import { eventually, quietly } from './eventually.ts'
import type { ConnectorCase } from './staged.ts'

export const takingIn: Record<string, ConnectorCase> = {
  'brings what a person says, with where and by whom': {
    async run({ start, say, conversations: [here], disk }) {
      const { account } = await start()
      await say(here, 'hello')
      await eventually(() => disk.taken.length === 1)
      const [inbound] = disk.taken
      assert.ok(inbound?.type === 'message')
      assert.deepEqual(inbound.parts, [{ type: 'text', text: 'hello' }])
      assert.equal(inbound.from.account, account)
      assert.equal(inbound.from.conversation, here)
      assert.notEqual(inbound.person.id, '')
      assert.notEqual(inbound.eventId, '')
    },
  },
  'brings what was said before it started': {
    async run({ start, say, conversations: [here], disk }) {
      await say(here, 'hello')
      await start()
      await eventually(() => disk.texts().includes('hello'))
    },
  },
  'tells commands from messages': {
    needs: ['commands'],
    async run({ start, say, conversations: [here], disk }) {
      await start()
      for (const text of ['/new', '/stop', '/start', '/other']) await say(here, text)
      await eventually(() => disk.taken.length === 4)
      assert.deepEqual(
        disk.taken.map(({ type }) => type),
        ['command', 'command', 'command', 'message'],
      )
      assert.deepEqual(disk.texts(), ['/new', '/stop', '/start', '/other'])
    },
  },
  'brings many messages of many conversations, each conversation in order, and none twice': {
    async run({ start, say, conversations, disk }) {
      await start()
      const texts = Array.from({ length: 250 }, (_, n) => `message ${n}`)
      for (const text of texts) for (const conversation of conversations) await say(conversation, text)
      await eventually(() => disk.taken.length === 500)
      for (const conversation of conversations) assert.deepEqual(disk.texts(conversation), texts)
      assert.equal(disk.offers.length, 500)
    },
  },
  'does not tell the platform before a message is on disk': {
    needs: ['acknowledgement'],
    async run({ start, say, conversations: [here], disk, acknowledged }) {
      await start()
      disk.hold('before')
      await say(here, 'hello')
      await eventually(() => disk.offers.length > 0)
      await quietly()
      assert.deepEqual(acknowledged(), [])
      disk.release()
      await eventually(() => acknowledged().includes('hello'))
      assert.deepEqual(disk.texts(), ['hello'])
    },
  },
  'tells the platform of no message before all that came with it are on disk or told apart': {
    needs: ['acknowledgement'],
    async run({ start, say, conversations: [here, there], disk, acknowledged }) {
      await say(here, 'first')
      await say(there, 'second')
      disk.refuse(1)
      await start()
      await eventually(() => disk.taken.length > 0)
      for (const text of acknowledged()) assert.ok(disk.texts().includes(text), `"${text}" was acknowledged, not kept`)
      await eventually(() => acknowledged().length === 2)
      assert.deepEqual([...disk.texts()].sort(), ['first', 'second'])
    },
  },
  'offers a message again until it is taken': {
    async run({ start, say, conversations: [here], disk }) {
      await start()
      disk.refuse(2)
      await say(here, 'hello')
      await eventually(() => disk.texts().length === 1)
      assert.deepEqual(disk.offers, ['hello', 'hello', 'hello'])
    },
  },
  'lets no message overtake one of its conversation that was refused': {
    async run({ start, say, conversations: [here], disk }) {
      for (const text of ['one', 'two', 'three']) await say(here, text)
      disk.refuse(1)
      await start()
      await eventually(() => disk.taken.length === 3)
      assert.deepEqual(disk.texts(), ['one', 'two', 'three'])
    },
  },
}
