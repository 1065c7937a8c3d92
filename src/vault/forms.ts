/** A value as it may stand in a log: itself, and as others write it. */

/** Shorter ones are no secrets, and would make holes in ordinary words. */
const shortest = 6
/** A line of a value may be an ordinary one. */
const shortestLine = 16
/** As many as the longest keys have. */
const mostLines = 100

export function formsOf(value: string): string[] {
  const encoded = encodeURIComponent(value.toWellFormed())
  const forms = [
    value,
    JSON.stringify(value).slice(1, -1),
    encoded,
    encoded.replace(/%../g, (sign) => sign.toLowerCase()),
    // As forms and `URLSearchParams` write it.
    new URLSearchParams([['', value]]).toString().slice(1),
    ...inBase64(value),
    ...linesOf(value),
  ]
  return [...new Set(forms)].filter((form) => form.length >= shortest)
}

/**
 * Base64 and base64url, alone or in the middle of something, as in `Basic …`: how the value is written there depends on
 * where in three bytes it begins. The signs at its ends that hold bits of what stands beside it are left off.
 */
function inBase64(value: string): string[] {
  if (value.length < shortest) return []
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    const from = Math.ceil((before * 8) / 6)
    const to = Math.floor((bytes.length * 8) / 6)
    return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)]
  })
}

/** What reads a key of several lines may quote one of them. */
function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim())
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= shortestLine).slice(0, mostLines)
}
