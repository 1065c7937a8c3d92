/** What a person asks of the offline provider, as far as it understands: the time, and sums. English and Chinese. */
export interface Intent {
  /** A question for the time each; where the text names IANA zones, one for each of them. */
  times: { timeZone?: string }[]
  /** Arithmetic expressions in the text, in their order. */
  sums: string[]
}

/** More in one message are not answered: a list of thousands would only run into the agent's limits. */
const mostOfAKind = 8
/** What the calculator takes at most. */
const longestSum = 500

export function readIntent(text: string): Intent {
  const zones = [...new Set(text.match(zoneName) ?? [])].slice(0, mostOfAKind)
  const asksTime = /\b(time|clock|date|today)\b|几点|时间|日期|今天/i.test(text)
  const times = zones.length === 0 ? [{}] : zones.map((timeZone) => ({ timeZone }))
  return { times: asksTime ? times : [], sums: sumsIn(text) }
}

/** `Asia/Tokyo`, `America/Argentina/Buenos_Aires`: two or three capitalised names. */
const zoneName = /\b[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_]+){1,2}\b/g

/** A run of what arithmetic is written with. No character belongs to two, so that a long text takes linear time. */
const arithmetic = /[\d.+\-*/%^×÷()\s]+/g

function sumsIn(text: string): string[] {
  return (text.match(arithmetic) ?? [])
    .filter((run) => run.length <= longestSum)
    .map(trimmed)
    .filter((run) => twoNumbers.test(run) && !date.test(run))
    .slice(0, mostOfAKind)
}

const twoNumbers = /\d[\s)]*[-+*/%^×÷][\s(-]*[\d.]/
const date = /^\d{4}-\d{1,2}-\d{1,2}$|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$/

/** Without what belongs to the sentence around it: a dash before, a full stop behind, the end of a parenthesis. */
function trimmed(run: string): string {
  let sum = run.replace(/^[+*/%^×÷)\s]+/, '').replace(/[-+*/%^×÷.(\s]+$/, '')
  for (let extra = count(sum, ')') - count(sum, '('); extra > 0 && sum.endsWith(')'); extra--) {
    sum = sum.slice(0, -1).trimEnd()
  }
  return sum
}

function count(text: string, character: string): number {
  return text.split(character).length - 1
}
