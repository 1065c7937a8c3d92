import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from './chromium.ts'
import { openWorkplace, type Workplace } from './runtime.fixture.ts'

/** KB of script, as it crosses the network, until the list of agents is there. */
const mostKilobytes = 200

describeInBrowser('the first load', () => {
  let studio: Workplace
  beforeAll(async () => {
    studio = await openWorkplace()
    await studio.create('agent', 'helper', { name: 'helper', model: 'main/fake-model', instructions: 'Help.' })
  })
  afterAll(() => studio.close())

  test.each([
    ['en', 1280],
    ['zh', 390],
  ] as const)(
    'of the list of agents takes less than 200 KB of compressed script: %s, %i px',
    async (language, width) => {
      const page = await studio.open('/agents', { language, width }, studio.as.admin)
      await page.getByRole('link', { name: 'helper' }).waitFor()
      await page.waitForLoadState('networkidle')
      const scripts = await page.evaluate(() =>
        (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
          .filter(({ name }) => name.endsWith('.js'))
          .map(({ name, transferSize, decodedBodySize }) => ({ name, transferSize, decodedBodySize })),
      )
      expect(scripts.length).toBeGreaterThan(5)
      // It is counted as it was served: the large ones were compressed when the app was built.
      for (const { name, transferSize, decodedBodySize } of scripts) {
        if (decodedBodySize > 10_000) expect(transferSize, name).toBeLessThan(decodedBodySize / 2)
      }
      expect(scripts.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1_024).toBeLessThan(mostKilobytes)
      // What floats comes when it is needed, and the other language never.
      expect(
        scripts.map(({ name }) => name).filter((name) => /-shown|palette|drawer|shortcut-sheet/.test(name)),
      ).toEqual([])
      expect(scripts.filter(({ name }) => /\/(english|chinese)-/.test(name)).length).toBe(1)
    },
  )
})
