import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProviderCase, StagedProvider } from './staged.ts'
import { listen, requestFor } from './listen.ts'

/** How soon a call has to be over that was broken off, ms: far above a busy machine's delay, far below `slow`. */
const promptMs = 800

export const leaving: Record<string, ProviderCase> = {
  'ends soon when it is aborted in the middle': {
    needs: ['slow'],
    scene: { plays: 'slow' },
    async run(staged) {
      const controller = new AbortController()
      const draining = listen(staged, controller.signal)
      await sleep(100)
      const abortedAt = performance.now()
      controller.abort()
      const events = await draining
      assert.ok(performance.now() - abortedAt < promptMs, 'went on after it was aborted')
      assert.ok(!events.some(({ type }) => type === 'finish'), 'finished though it was aborted')
    },
  },
  'ends soon when it is aborted before the first event': {
    needs: ['silence'],
    scene: { plays: 'silence' },
    async run(staged) {
      const abortedAt = performance.now()
      await listen(staged, AbortSignal.timeout(20))
      assert.ok(performance.now() - abortedAt < promptMs, 'went on after it was aborted')
    },
  },
  'says nothing when it is aborted from the start': {
    needs: ['anything'],
    scene: { plays: 'anything' },
    async run(staged) {
      const events = await listen(staged, AbortSignal.abort())
      assert.ok(!events.some(({ type }) => type === 'finish'), 'finished though it was aborted')
    },
  },
  'closes the connection when it is aborted': {
    needs: ['slow', 'connection'],
    scene: { plays: 'slow' },
    async run(staged) {
      await listen(staged, AbortSignal.timeout(100))
      await seesItLeave(staged)
    },
  },
  'closes the connection when its reader leaves': {
    needs: ['slow', 'connection'],
    scene: { plays: 'slow' },
    async run(staged) {
      const call = { signal: new AbortController().signal, key: 'task-1/1' }
      for await (const _ of staged.provider.stream(requestFor(staged), call)) break
      await seesItLeave(staged)
    },
  },
}

async function seesItLeave(staged: StagedProvider): Promise<void> {
  const until = performance.now() + promptMs
  while (staged.brokenOff() === 0 && performance.now() < until) await sleep(10)
  assert.equal(staged.brokenOff(), 1, 'the service still has its connection')
}
