import type { Page } from 'playwright-core'
import { shootWhenAsked } from '../studio-page.fixture.ts'
import type { Running, Town } from './town.fixture.ts'

export const ada = { name: 'Ada Lovelace', login: 'ada', password: 'correct horse battery' }

/** The link that Studio prints at its first start. */
export const firstRunLink = ({ stdout }: Running): string => /http:\S+\/first-run#\S+/.exec(stdout())?.[0] ?? ''

/** What the page shows in a line of code that begins so. */
export async function shownCommand(page: Page, beginning: string): Promise<string[]> {
  const line = await page.getByText(beginning).first().innerText()
  return line.trim().replaceAll("'", '').split(/\s+/).slice(1)
}

/** Chooses in one of Studio's lists by mouse. */
export async function choose(page: Page, label: string, choice: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: choice }).click()
}

/** What a person of the fake Telegram reads who writes this: the first whole answer that satisfies. */
export async function writeOnTelegram(town: Town, text: string, isAnswer: (said: string) => boolean): Promise<string> {
  town.telegram.say(77, text, { first_name: 'Grace', last_name: 'Hopper' })
  const { text: answer } = await town.telegram.next(77, ({ text: said }) => isAnswer(said), 15_000)
  return answer
}

export async function signInByForm(
  page: Page,
  { login, password }: { login: string; password: string },
): Promise<void> {
  await page.getByLabel('Login').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').first().waitFor()
}

/** How a page of the tour looks, light and dark: what `docs/studio.md` shows is made of these. */
export async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await shootWhenAsked(page, `tour-${name}-${colorScheme}`)
  }
}
