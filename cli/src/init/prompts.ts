import * as clack from '@clack/prompts'
import { CommandError } from '../failure.ts'
import { cleanLine } from '../terminal/clean.ts'
import { words } from '../words/spoken.ts'

export interface Choice<Value> {
  value: Value
  label: string
  hint?: string
}

/** On stderr, as all that is said beside results. Ctrl-C at any of them ends the command with 130. */
const output = process.stderr

export const begin = (title: string): void => clack.intro(title, { output })
export const finish = (text: string): void => clack.outro(text, { output })
export const say = (text: string): void => clack.log.step(text, { output })
export const praise = (text: string): void => clack.log.success(text, { output })
export const complain = (text: string): void => clack.log.error(text, { output })

/** Values are numbers of choices, so that any may stand for anything. */
export async function choose<Value>(message: string, choices: readonly Choice<Value>[], first?: Value): Promise<Value> {
  const options = choices.map(({ label, hint }, value) => ({
    value,
    label: cleanLine(label),
    ...(hint === undefined ? {} : { hint }),
  }))
  const initialValue = Math.max(
    0,
    choices.findIndex(({ value }) => value === first),
  )
  const chosen = answered(
    await clack.select({ message, options, initialValue, maxItems: 10, showInstructions: false, output }),
  )
  const choice = choices[chosen]
  if (choice === undefined) throw new RangeError(`no choice ${chosen}`)
  return choice.value
}

/** `problem` says what is wrong with a text, or nothing. */
export async function ask(
  message: string,
  problem: (text: string) => string | undefined,
  placeholder = '',
): Promise<string> {
  const validate = (text: string | undefined): string | undefined => problem((text ?? '').trim())
  const answer = answered(await clack.text({ message, validate, placeholder, output }))
  // An empty answer is undefined to it.
  return ((answer as string | undefined) ?? '').trim()
}

export async function askHidden(message: string, problem: (text: string) => string | undefined): Promise<string> {
  const validate = (text: string | undefined): string | undefined => problem((text ?? '').trim())
  return answered(await clack.password({ message, validate, output })).trim()
}

export async function agree(message: string): Promise<boolean> {
  const { yes, no } = words.init
  return answered(await clack.confirm({ message, active: yes, inactive: no, initialValue: false, output }))
}

function answered<Value>(answer: Value): Exclude<Value, symbol> {
  if (clack.isCancel(answer)) throw new CommandError(words.init.cancelled, '', 130)
  return answer as Exclude<Value, symbol>
}
