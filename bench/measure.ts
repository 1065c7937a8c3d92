/** What a contender reports of one round. */
export interface Round {
  messages: number
  seconds: number
  /** Time from a message's arrival to the end of its send, ms. The fakes answer at once, so this is our own. */
  p50: number
  p99: number
  /** Process CPU time, user and system, for each message. ms. */
  cpuMs: number
  rssMb: number
}

/** Handles one message of a session: from its arrival to the end of its send. */
export type Handle = (session: number, text: string) => Promise<void>

/** Where the fakes are. */
export type Services = Record<'modelUrl' | 'telegramUrl' | 'token', string>

export interface Contender {
  handle: Handle
  /** Commits that reached the disk so far. */
  commits(): Promise<number>
  close(): Promise<void>
}

/** A closed loop: each session sends its next message when the last one has been answered. */
export async function measure(handle: Handle, sessions: number, seconds: number): Promise<Round> {
  const times: number[] = []
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const until = begun + seconds * 1000
  await Promise.all(
    Array.from({ length: sessions }, async (_, session) => {
      for (let n = 0; performance.now() < until; n++) {
        const at = performance.now()
        await handle(session, `message ${n} of session ${session}: ${filler}`)
        times.push(performance.now() - at)
      }
    }),
  )
  const elapsed = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  times.sort((a, b) => a - b)
  return {
    messages: times.length,
    seconds: elapsed,
    p50: times[Math.floor(times.length * 0.5)] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    cpuMs: (user + system) / 1000 / times.length,
    rssMb: process.memoryUsage().rss / 1_048_576,
  }
}

/** Messages are about 300 bytes long. */
const filler = 'some words that a person might have written to their assistant, and a few more of them. '.repeat(3)
