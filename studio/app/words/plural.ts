const english = new Intl.PluralRules('en')

/** `1 task`, `3 tasks`; the number is written as English writes it. Chinese needs none of this. */
export function plural(count: number, one: string, other: string): string {
  return `${count.toLocaleString('en-GB')} ${english.select(count) === 'one' ? one : other}`
}
