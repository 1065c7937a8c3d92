import type { World } from './world.ts'

export interface Verdict {
  /** What is wrong, a sentence each; empty when every promise was kept. */
  broken: string[]
  /** Messages said, and accepted: a run in which hardly anything was accepted proves nothing. */
  said: number
  accepted: number
  /** Tasks that the poison rule failed. */
  poisoned: number
  /** Answers that stand twice because their send was cut. */
  extra: number
}

/** Judges a run by the ledgers of those who survived it. `kills` is how often the process died. */
export async function judge(world: World, kills: number): Promise<Verdict> {
  const metrics = world.victim === null ? '' : await (await fetch(`${world.victim.url}/metrics`)).text()
  const uncertain = numberOf(metrics, 'asyncv_uncertain_sends')
  const broken: string[] = []
  // One answer may be to two messages, the second of which was taken up: it is one send all the same.
  const second = new Set<string>()
  let accepted = 0

  for (const said of world.said) {
    const answers = world.answersTo(said)
    if (answers.length === 0) broken.push(`lost: ${said.word} has no answer in chat ${said.chat}`)
    else accepted++
    for (const at of answers.slice(1)) second.add(`${said.chat}/${at}`)
    // A kill cuts one send of a destination at most, and that one may stand twice; each destination has its own.
    if (answers.length - 1 > kills)
      broken.push(`doubled: ${said.word} has ${answers.length} answers after ${kills} kills`)
  }
  const extra = second.size
  if (extra > uncertain) broken.push(`doubled: ${extra} second answers, and only ${uncertain} uncertain sends counted`)

  for (const chat of new Set(world.said.map((said) => said.chat))) {
    const order = world.telegram
      .chat(chat)
      .flatMap(({ text, from }) => (from === 'bot' ? (text.match(/w\d+/g) ?? []) : []))
    const first = [...new Set(order)].map((word) => Number(word.slice(1)))
    if (first.some((word, index) => index > 0 && word < (first[index - 1] ?? 0))) {
      broken.push(`out of order: chat ${chat} reads ${first.join(', ')}`)
    }
  }

  const seats = world.ledger.bookings.map(({ seat }) => seat)
  const twice = seats.filter((seat, index) => seats.indexOf(seat) !== index)
  if (twice.length > 0) broken.push(`a once tool took effect twice for ${twice.join(', ')}`)

  for (const { key, tasks, answers } of world.posted) {
    if (tasks.size > 1) broken.push(`${key} became ${tasks.size} tasks`)
    if (answers.size !== 1) broken.push(`${key} got ${answers.size} different answers`)
  }

  // Each message needs one call, or two with tools; a kill may cost one more for each message under way.
  const needed = world.said.length * 2 + world.posted.length + world.commands.length
  if (world.model.requests.length > needed + kills * world.said.length + kills * 3 + 1) {
    broken.push(
      `finished steps ran again: ${world.model.requests.length} model calls for ${world.said.length} messages`,
    )
  }
  return { broken, said: world.said.length, accepted, poisoned: poisonedIn(world), extra }
}

function poisonedIn(world: World): number {
  return (world.victim?.log().match(/"code":"task_poisonous"/g) ?? []).length
}

function numberOf(metrics: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(metrics)?.[1] ?? 0)
}
