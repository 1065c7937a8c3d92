import assert from 'node:assert/strict'
import { AsyncvError } from '../../errors.ts'
import { eventually, quietly } from './eventually.ts'
import type { ConnectorCase } from './staged.ts'

/** Longest time to stop when there is nothing to wait for, ms: far below what a poll is held open. */
const promptlyMs = 500

export const restarting: Record<string, ConnectorCase> = {
  'stops at once while nothing comes in': {
    async run({ start }) {
      const running = await start()
      await quietly()
      const begun = Date.now()
      await running.stop()
      assert.ok(Date.now() - begun < promptlyMs, `took ${Date.now() - begun} ms`)
    },
  },
  'stops at once while the inbox is full': {
    async run({ start, say, conversations: [here], disk }) {
      const running = await start()
      disk.refuse(1_000)
      await say(here, 'hello')
      await eventually(() => disk.offers.length > 0)
      const begun = Date.now()
      await running.stop()
      assert.ok(Date.now() - begun < promptlyMs, `took ${Date.now() - begun} ms`)
    },
  },
  'brings nothing once it has stopped': {
    async run({ start, say, conversations: [here], disk }) {
      const running = await start()
      await running.stop()
      await say(here, 'hello')
      await quietly()
      assert.deepEqual(disk.offers, [])
    },
  },
  'brings after a restart what was not on disk when it stopped': {
    async run({ start, say, conversations: [here], disk }) {
      const running = await start()
      disk.hold('before')
      await say(here, 'hello')
      await eventually(() => disk.offers.length > 0)
      await running.stop()
      assert.deepEqual(disk.texts(), [])
      disk.release()
      await start()
      await eventually(() => disk.texts().length === 1)
      assert.deepEqual(disk.texts(), ['hello'])
    },
  },
  'brings what comes again with the same event id': {
    async run({ start, say, conversations: [here], disk }) {
      const running = await start()
      disk.hold('after')
      await say(here, 'hello')
      await eventually(() => disk.texts().length === 1)
      await running.stop()
      disk.release()
      await start()
      await say(here, 'more')
      await eventually(() => disk.texts().includes('more'))
      assert.deepEqual(disk.texts(), ['hello', 'more'])
    },
  },
  'goes on after a restart behind what the platform was told of': {
    needs: ['acknowledgement'],
    async run({ start, say, conversations: [here], disk, acknowledged }) {
      const running = await start()
      await say(here, 'hello')
      await eventually(() => acknowledged().includes('hello'))
      await running.stop()
      await start()
      await say(here, 'more')
      await eventually(() => disk.texts().includes('more'))
      assert.deepEqual(disk.offers, ['hello', 'more'])
    },
  },
  'may itself be started again after it was stopped and closed': {
    async run({ connect, say, conversations: [here], disk }) {
      const connector = connect()
      for (const text of ['hello', 'again']) {
        const over = new AbortController()
        await connector.start(disk.host(over.signal))
        await say(here, text)
        await eventually(() => disk.texts().includes(text))
        await connector.stop()
        over.abort()
        await connector.close?.()
      }
      assert.deepEqual(disk.texts(), ['hello', 'again'])
    },
  },
  'does not start with credentials that are not accepted, and says the way out': {
    needs: ['credentials'],
    async run({ connect, deny, disk }) {
      deny()
      const connector = connect()
      await assert.rejects(connector.start(disk.host(new AbortController().signal)), (error) => {
        assert.ok(error instanceof AsyncvError)
        assert.ok(error.hint !== undefined && error.hint !== '', 'has no hint')
        return true
      })
      const check = await connector.test?.()
      assert.notEqual(check?.ok, true)
      await connector.close?.()
    },
  },
  'finds that credentials are accepted': {
    needs: ['credentials'],
    async run({ connect }) {
      const connector = connect()
      const check = await connector.test?.()
      assert.notEqual(check?.ok, false)
      await connector.close?.()
    },
  },
}
