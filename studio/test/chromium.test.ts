import { expect, test } from 'vitest'
import { chromiumOfWorker, describeInBrowser } from './chromium.ts'

describeInBrowser('the browser of a worker', () => {
  test('is another one when it is gone', async () => {
    const first = await chromiumOfWorker()
    expect(await chromiumOfWorker()).toBe(first)
    await first.close()
    const second = await chromiumOfWorker()
    expect(second).not.toBe(first)
    expect(second.isConnected()).toBe(true)
  })
})
