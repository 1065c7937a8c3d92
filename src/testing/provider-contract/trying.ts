import assert from 'node:assert/strict'
import type { ProviderCase } from './staged.ts'

/** What an operator's test of a provider promises, where it has one. */
export const trying: Record<string, ProviderCase> = {
  'a test of a service that answers says how long that took, and names the models that it lists': {
    needs: ['anything'],
    scene: { plays: 'anything' },
    async run({ provider }) {
      const check = await provider.test?.()
      if (check === undefined) return
      assert.ok(check.ok, JSON.stringify(check))
      assert.ok(check.latencyMs >= 0)
      if (check.models === undefined) return
      assert.deepEqual(
        check.models,
        (await provider.models?.())?.map(({ id }) => id),
      )
    },
  },
  'a test of a service that is not there says so, and does not throw': {
    needs: ['unreachable'],
    scene: { plays: 'unreachable' },
    async run({ provider }) {
      const check = await provider.test?.()
      if (check === undefined) return
      assert.equal(check.ok, false)
      assert.ok('problem' in check && check.problem !== '')
    },
  },
}
