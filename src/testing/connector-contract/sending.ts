import assert from 'node:assert/strict'
import type { Operation, SendFailure } from '../../connector.ts'
import { SendError } from '../../connector.ts'
import type { ConnectorCase, Running, Scene, SendTrouble } from './staged.ts'

export const sending: Record<string, ConnectorCase> = {
  'posts a text and says where it is': {
    async run(scene) {
      const running = await begun(scene)
      const receipt = await send(running, post(scene, running, 'good day'))
      assert.notEqual(receipt.target, '')
      assert.ok(Math.abs(Date.now() - receipt.at) < 60_000, `is dated ${new Date(receipt.at).toISOString()}`)
      assert.deepEqual(scene.shown(scene.conversations[0]), ['good day'])
    },
  },
  'posts a text as long as its limit': {
    async run(scene) {
      const running = await begun(scene)
      const text = 'x'.repeat(Math.min(running.connector.supports.textLimit, 100_000))
      await send(running, post(scene, running, text))
      assert.deepEqual(scene.shown(scene.conversations[0]), [text])
    },
  },
  'posts to the conversation that it is told': {
    async run(scene) {
      const running = await begun(scene)
      const [here, there] = scene.conversations
      await Promise.all([
        send(running, post(scene, running, 'to one', here)),
        send(running, post(scene, running, 'to two', there)),
      ])
      assert.deepEqual([scene.shown(here), scene.shown(there)], [['to one'], ['to two']])
    },
  },
  'edits what it posted': {
    needs: ['edits'],
    async run(scene) {
      const running = await begun(scene)
      const { target } = await send(running, post(scene, running, 'first'))
      const edited = await send(running, edit(scene, running, target, 'second'))
      assert.equal(edited.target, target)
      assert.deepEqual(scene.shown(scene.conversations[0]), ['second'])
    },
  },
  'takes an edit to the same text for done': {
    needs: ['edits'],
    async run(scene) {
      const running = await begun(scene)
      const { target } = await send(running, post(scene, running, 'same'))
      const edited = await send(running, edit(scene, running, target, 'same'))
      assert.equal(edited.target, target)
    },
  },
  'calls a message gone that was deleted before its edit': {
    needs: ['edits', 'deletion'],
    async run(scene) {
      const running = await begun(scene)
      const { target } = await send(running, post(scene, running, 'first'))
      scene.deleteLast(scene.conversations[0])
      assert.equal((await failure(running, edit(scene, running, target, 'second'))).type, 'gone')
    },
  },
  'shows that it is typing': {
    needs: ['typing'],
    async run(scene) {
      const running = await begun(scene)
      await send(running, { type: 'typing', destination: destination(scene, running) })
      assert.deepEqual(scene.shown(scene.conversations[0]), [])
    },
  },
  'knows that a limited message was not sent, and for how long to wait': {
    needs: ['limited'],
    async run(scene) {
      const running = await begun(scene)
      scene.fail('limited')
      const failed = await failure(running, post(scene, running, 'too soon'))
      assert.ok(failed.type === 'not-sent', failed.type)
      assert.ok((failed.retryAfterMs ?? 0) > 0, 'names no wait')
      assert.deepEqual(scene.shown(scene.conversations[0]), [])
    },
  },
  'knows a message that will never be taken': {
    needs: ['refused'],
    async run(scene) {
      const running = await begun(scene)
      scene.fail('refused')
      assert.equal((await failure(running, post(scene, running, 'unwanted'))).type, 'refused')
    },
  },
  'does not know of a message whose connection broke before it was posted': uncertain('cut-before', []),
  'does not know of a message whose connection broke after it was posted': uncertain('cut-after', ['perhaps']),
  'does not know of a message that the platform broke down on': uncertain('broken', []),
  'gives up when its signal is aborted, not knowing': {
    needs: ['slow'],
    async run(scene) {
      const running = await begun(scene)
      scene.fail('slow')
      const cut = new AbortController()
      setTimeout(() => cut.abort(new Error('took too long')), 50)
      const begunAt = Date.now()
      const failed = await failure(running, post(scene, running, 'perhaps'), cut.signal)
      assert.ok(Date.now() - begunAt < 500, `took ${Date.now() - begunAt} ms`)
      assert.equal(failed.type, 'uncertain')
    },
  },
  'knows that nothing was sent when it was told to give up before': {
    async run(scene) {
      const running = await begun(scene)
      const failed = await failure(running, post(scene, running, 'never'), AbortSignal.abort(new Error('too late')))
      assert.equal(failed.type, 'not-sent')
      assert.deepEqual(scene.shown(scene.conversations[0]), [])
    },
  },
  'sends the next one after a failure': {
    needs: ['cut-before'],
    async run(scene) {
      const running = await begun(scene)
      scene.fail('cut-before')
      await failure(running, post(scene, running, 'lost'))
      await send(running, post(scene, running, 'arrived'))
      assert.deepEqual(scene.shown(scene.conversations[0]), ['arrived'])
    },
  },
  'sends what is left after it stopped taking in': {
    async run(scene) {
      await scene.say(scene.conversations[0], 'hello')
      const connector = scene.connect()
      const { account } = await connector.start(scene.disk.host(new AbortController().signal))
      const running: Running = { connector, account, stop: async () => {} }
      await connector.stop()
      await send(running, post(scene, running, 'last words'))
      assert.deepEqual(scene.shown(scene.conversations[0]), ['last words'])
      await connector.close?.()
    },
  },
}

function uncertain(trouble: SendTrouble, shown: readonly string[]): ConnectorCase {
  return {
    needs: [trouble],
    async run(scene) {
      const running = await begun(scene)
      scene.fail(trouble)
      assert.equal((await failure(running, post(scene, running, 'perhaps'))).type, 'uncertain')
      assert.deepEqual(scene.shown(scene.conversations[0]), shown)
    },
  }
}

/** Starts where people have written first, without which some platforms let nobody write to them. */
async function begun(scene: Scene): Promise<Running> {
  for (const conversation of scene.conversations) await scene.say(conversation, 'hello')
  return scene.start()
}

function destination({ conversations }: Scene, { account }: Running, conversation = conversations[0]) {
  return { account, conversation }
}

function post(scene: Scene, running: Running, text: string, conversation?: string): Operation {
  return { type: 'post', destination: destination(scene, running, conversation), parts: [{ type: 'text', text }] }
}

function edit(scene: Scene, running: Running, target: string, text: string): Operation {
  return { type: 'edit', destination: destination(scene, running), target, parts: [{ type: 'text', text }] }
}

let sends = 0

function send({ connector }: Running, operation: Operation, signal = new AbortController().signal) {
  sends += 1
  return connector.send(operation, { key: `contract/${sends}`, signal })
}

async function failure(running: Running, operation: Operation, signal?: AbortSignal): Promise<SendFailure> {
  const error: unknown = await send(running, operation, signal).then(
    () => assert.fail('was sent'),
    (rejection: unknown) => rejection,
  )
  assert.ok(error instanceof SendError, `is no SendError: ${error}`)
  assert.notEqual(error.failure.message, '')
  return error.failure
}
