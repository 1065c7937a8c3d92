/** What a person asks of the offline provider, as far as it understands: the time, and sums. English and Chinese. */
export interface Intent {
  wantsTime: boolean
  /** Arithmetic expressions in the text, in their order. */
  sums: string[]
}

export function readIntent(text: string): Intent {
  return {
    wantsTime: /\b(time|clock|date|today)\b|几点|时间|日期|今天/i.test(text),
    sums: (text.match(sum) ?? []).map((expression) => expression.trim()),
  }
}

/** Numbers joined by operators, such as `2 * (3 + 4)`. A lone number or a date is none. */
const sum = /[-(\s]*\d[\d.]*(?:[\s)]*(?:[-+*/%^]|×|÷)[\s(-]*\d[\d.]*)+[)]*/g
