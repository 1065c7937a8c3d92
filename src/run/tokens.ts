import type { ModelMessage, Part } from '../message.ts'

/**
 * Estimates how many tokens a text costs: its UTF-8 bytes divided by four, a CJK character as one. Off by a third either
 * way, which is why `TokenScale` corrects the sum by what the service reports.
 */
export function estimateTokens(text: string): number {
  let bytes = 0
  let wide = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes += 1
    else if (unit < 0x800) bytes += 2
    else if (isCjk(unit)) wide += 1
    // A surrogate pair is four bytes; each half counts two.
    else bytes += unit >= 0xd800 && unit <= 0xdfff ? 2 : 3
  }
  return wide + Math.ceil(bytes / 4)
}

/** Kana, CJK ideographs and their punctuation, Hangul syllables, full-width forms. */
function isCjk(unit: number): boolean {
  return (
    (unit >= 0x3000 && unit <= 0x9fff) ||
    (unit >= 0xac00 && unit <= 0xd7af) ||
    (unit >= 0xf900 && unit <= 0xfaff) ||
    (unit >= 0xff00 && unit <= 0xffef)
  )
}

/** Role and framing of one message, as OpenAI's cookbook counts them ("How to count tokens with tiktoken"). */
const tokensPerMessage = 4

export function estimateMessages(messages: readonly ModelMessage[]): number {
  let tokens = 0
  for (const message of messages) {
    tokens += tokensPerMessage
    for (const part of message.parts) {
      tokens += estimatePart(part)
    }
  }
  return tokens
}

/**
 * A picture as services of today count one of a thousand pixels square (platform.openai.com/docs/guides/images-vision,
 * "Calculating costs"); the rest by its size, as if it were text, for nobody knows what is in it.
 */
const tokensPerImage = 1_000

function estimatePart(part: Part): number {
  switch (part.type) {
    case 'text':
      return estimateTokens(part.text)
    case 'image':
      return tokensPerImage
    case 'audio':
    case 'file':
      return Math.ceil(part.size / 4)
    case 'tool-call':
    case 'tool-result':
      return estimateTokens(JSON.stringify(part))
  }
}

/**
 * How far estimates for a model are off, learned from the usage it reports. Lives in memory: after a start it is 1 until
 * the first report.
 */
export class TokenScale {
  readonly #scales = new Map<string, number>()

  of(model: string): number {
    return this.#scales.get(model) ?? 1
  }

  /** Takes a report into account; one report moves the scale by a fifth, and odd ones are cut to a factor of four. */
  learn(model: string, estimated: number, reported: number): void {
    if (estimated < 50 || reported <= 0) return // too short to tell: framing dominates
    const seen = Math.min(4, Math.max(0.25, reported / estimated))
    this.#scales.set(model, this.of(model) * 0.8 + seen * 0.2)
  }
}
