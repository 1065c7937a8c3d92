import { english, type Words } from './english.ts'

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** What the command says, in the language that was chosen; English until one is. */
export let words: Words = english

/** From now on the command speaks it. Loads no other than that. */
export async function speak(language: Language): Promise<void> {
  words = language === 'zh' ? (await import('./chinese.ts')).chinese : english
}
