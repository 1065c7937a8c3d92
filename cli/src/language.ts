import type { Environment } from './settings/environment.ts'
import { CommandError } from './failure.ts'
import { type Language, languages, words } from './words/spoken.ts'

/** Of the environment: `ASYNCV_LANG`, or what the locale says; English where that is another language. */
export function languageOf(env: Environment): Language {
  const named = env['ASYNCV_LANG']
  if (named !== undefined && named !== '') return nameOf(named) ?? 'en'
  const locale = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '')
  // Windows, and what macOS starts by itself, have none of them.
  return nameOf(locale ?? Intl.DateTimeFormat().resolvedOptions().locale) ?? 'en'
}

/** Refuses what `ASYNCV_LANG` cannot mean, in the language that is spoken until then. */
export function checkLanguage(env: Environment): void {
  const named = env['ASYNCV_LANG']
  if (named !== undefined && named !== '' && nameOf(named) === null) throw noLanguage('ASYNCV_LANG', named)
}

/** Takes `--lang` out of the words of a command line, wherever it stands before a `--`. */
export function takeLanguage(given: readonly string[]): { rest: string[]; language: Language | null } {
  const rest: string[] = []
  let language: Language | null = null
  for (let at = 0; at < given.length; at++) {
    const word = given[at] ?? ''
    if (word === '--') return { rest: [...rest, ...given.slice(at)], language }
    if (word !== '--lang' && !word.startsWith('--lang=')) {
      rest.push(word)
      continue
    }
    const value = word === '--lang' ? (given[++at] ?? '') : word.slice('--lang='.length)
    language = nameOf(value)
    if (language === null) throw noLanguage('--lang', value)
  }
  return { rest, language }
}

/** `zh`, `zh-CN`, `zh_TW.UTF-8`: the first word counts. */
function nameOf(value: string): Language | null {
  const first = value.toLowerCase().split(/[-_.@]/)[0]
  return languages.find((language) => language === first) ?? null
}

function noLanguage(where: string, value: string): CommandError {
  return new CommandError(words.usage.noLanguage(where, value), words.usage.languages, 2)
}
