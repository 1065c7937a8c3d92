import assert from 'node:assert/strict'

/** Waits for what has to happen; fails when it has not after 10 s. */
export async function eventually(happened: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!happened()) {
    assert.ok(Date.now() < deadline, `did not happen within 10 s: ${happened}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Waits for what must not happen: as long as it would surely have taken. */
export function quietly(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 150))
}
