import type { Page } from 'playwright-core'
import type { Role } from '../src/schemas/role.ts'
import type { Words } from '../app/words/english.ts'
import type { SettledTown } from './settled-town.fixture.ts'

export interface PageEntry {
  /** As the router calls it: an entry of `FileRoutesByTo`. */
  route: string
  /** What its pictures are called; of a route that has several views, one each. */
  name: string
  /** Where it is in the settled town. */
  path(at: SettledTown['at']): string
  /** A selector of what is there when it has come and is full; in every language. */
  full: string
  /** Who sees it, and everybody who may do more. `nobody`: who is not signed in. */
  who: 'nobody' | Role
  /** Dialogs and what else floats that open from it: by what. */
  floating?: Record<string, (page: Page, words: Words) => Promise<void>>
}

const press =
  (name: (words: Words) => string) =>
  async (page: Page, words: Words): Promise<void> => {
    await page
      .getByRole('button', { name: name(words), exact: true })
      .first()
      .click()
  }

/** Opens the actions of the page, or those of a row, and chooses one. */
const act = (opener: (words: Words) => string, name: (words: Words) => string) => async (page: Page, words: Words) => {
  await press(opener)(page, words)
  await page.getByRole('menuitem', { name: name(words), exact: true }).click()
  await page.getByRole('menu').waitFor({ state: 'detached' })
}

/** What a dialog would change is asked for first; until then its button is not for use. */
const changesShown = (page: Page): Promise<void> => page.locator('[role=dialog] :is(ins, del)').first().waitFor()

const more =
  (of?: string) =>
  ({ ui }: Words): string =>
    of === undefined ? ui.more : `${ui.more}: ${of}`

/** Every page that Studio has, in the order in which people meet them. Whatever is asked of all pages is asked of these. */
export const everyPage: readonly PageEntry[] = [
  // Before one is signed in. The first run is over in a settled town: what it is before is in entry.test.ts.
  { route: '/first-run', name: 'first-run', path: () => '/first-run', full: 'h1', who: 'nobody' },
  { route: '/sign-in', name: 'sign-in', path: () => '/sign-in', full: 'input[type=password]', who: 'nobody' },
  {
    route: '/invitation',
    name: 'invitation',
    path: ({ invitation }) => invitation,
    full: 'input[type=password]',
    who: 'nobody',
  },
  { route: '/start', name: 'first-steps', path: () => '/start', full: 'main ol li >> nth=5', who: 'viewer' },
  // Set up.
  {
    route: '/agents',
    name: 'agents',
    path: () => '/agents',
    full: 'text=translator',
    who: 'viewer',
    floating: {
      create: press(({ agents }) => agents.create),
      menu: press(more('translator')),
      rename: act(more('translator'), ({ items }) => items.rename),
      delete: act(more('tea-shop'), ({ ui }) => ui.delete),
    },
  },
  {
    route: '/agents',
    name: 'agents-deleted',
    path: () => '/agents?deleted=true',
    full: 'text=retired',
    who: 'viewer',
  },
  { route: '/agents/$name', name: 'agent', path: () => '/agents/tea-shop', full: '.cm-content', who: 'viewer' },
  {
    route: '/agents/$name',
    name: 'agent-history',
    path: () => '/agents/tea-shop?view=history&from=1&to=2',
    full: 'main ins',
    who: 'viewer',
  },
  {
    route: '/routes',
    name: 'routes',
    path: () => '/routes',
    full: 'table >> text=tea-shop',
    who: 'viewer',
    floating: { create: press(({ routes }) => routes.create) },
  },
  {
    route: '/routes/$name',
    name: 'route',
    path: () => '/routes/shop',
    full: 'main [role=combobox]',
    who: 'viewer',
    floating: {
      choices: async (page) => page.locator('main [role=combobox]').last().click(),
    },
  },
  {
    route: '/connectors',
    name: 'connectors',
    path: () => '/connectors',
    full: 'text=code-tg',
    who: 'viewer',
    floating: { create: press(({ parts }) => parts.connector.create) },
  },
  {
    route: '/connectors/$name',
    name: 'connector',
    path: () => '/connectors/shop',
    full: 'main input >> visible=true',
    who: 'viewer',
    floating: { secret: press(({ parts }) => parts.replaceSecret) },
  },
  {
    route: '/providers',
    name: 'providers',
    path: () => '/providers',
    full: 'text=main',
    who: 'viewer',
    floating: { create: press(({ parts }) => parts.provider.create) },
  },
  {
    route: '/providers/$name',
    name: 'provider',
    path: () => '/providers/second',
    full: 'main input >> visible=true',
    who: 'viewer',
  },
  // Publish.
  {
    route: '/releases',
    name: 'releases',
    path: () => '/releases',
    full: 'main table tbody tr >> nth=2',
    who: 'viewer',
    floating: {
      import: act(more(), ({ releases }) => releases.import),
      async adopt(page, words) {
        await act(more(), ({ releases }) => releases.adoptFrom('production'))(page, words)
        await changesShown(page)
      },
    },
  },
  {
    route: '/releases/changes',
    name: 'changes',
    path: () => '/releases/changes',
    full: 'main ins',
    who: 'viewer',
  },
  {
    route: '/releases/$n',
    name: 'release',
    path: () => '/releases/1',
    full: 'main h2',
    who: 'viewer',
    floating: {
      async 'roll-back'(page, words) {
        await press(({ releases }) => releases.rollBack)(page, words)
        await changesShown(page)
      },
    },
  },
  { route: '/releases/$n', name: 'release-refused', path: () => '/releases/2', full: 'main ins', who: 'viewer' },
  {
    route: '/releases/$n',
    name: 'release-document',
    path: () => '/releases/3?view=document',
    full: 'main [role=tabpanel] button[aria-expanded]',
    who: 'viewer',
  },
  {
    route: '/releases/compare',
    name: 'releases-compared',
    path: () => '/releases/compare?from=1&to=3',
    full: 'main ins',
    who: 'viewer',
  },
  // Watch.
  { route: '/overview', name: 'overview', path: () => '/overview', full: 'main canvas', who: 'viewer' },
  {
    route: '/playground',
    name: 'playground',
    path: () => '/playground',
    full: 'main textarea',
    who: 'editor',
  },
  { route: '/sessions', name: 'sessions', path: () => '/sessions', full: 'main tbody tr', who: 'viewer' },
  {
    route: '/sessions/$session',
    name: 'session',
    path: ({ session }) => `/sessions/${session}`,
    full: 'main >> text=Oslo',
    who: 'viewer',
  },
  {
    route: '/sessions/$session',
    name: 'session-of-the-model',
    path: ({ session }) => `/sessions/${session}?view=model`,
    full: 'main >> text=Oslo',
    who: 'viewer',
  },
  { route: '/tasks', name: 'tasks', path: () => '/tasks', full: 'main tbody tr', who: 'viewer' },
  {
    route: '/tasks/$task',
    name: 'task',
    path: ({ task }) => `/tasks/${task}`,
    full: 'main li button',
    who: 'viewer',
    floating: {
      // It unfolds in its place.
      step: async (page) => page.locator('main li button').first().click(),
    },
  },
  {
    route: '/tasks/$task',
    name: 'task-failed',
    path: ({ failedTask }) => `/tasks/${failedTask}`,
    full: 'main >> text=This model does not answer that',
    who: 'viewer',
  },
  { route: '/trace', name: 'trace', path: () => '/trace', full: 'main tbody tr', who: 'viewer' },
  {
    route: '/trace/$message',
    name: 'trace-of-a-message',
    path: ({ message }) => `/trace/${message}`,
    full: 'main li',
    who: 'viewer',
  },
  { route: '/deliveries', name: 'deliveries', path: () => '/deliveries', full: 'main tbody tr', who: 'viewer' },
  {
    route: '/deliveries',
    name: 'delivery',
    path: ({ delivery }) => `/deliveries?show=${delivery}`,
    full: '[role=dialog]',
    who: 'viewer',
  },
  { route: '/logs', name: 'logs', path: () => '/logs', full: 'main >> text=a request failed', who: 'viewer' },
  { route: '/audit', name: 'audit', path: () => '/audit', full: 'main tbody tr', who: 'viewer' },
  { route: '/audit', name: 'audit-entry', path: () => '/audit?entry=12', full: '[role=dialog]', who: 'viewer' },
  {
    route: '/audit',
    name: 'audit-of-the-runtime',
    path: () => '/audit?log=runtime',
    full: 'main tbody tr',
    who: 'viewer',
  },
  // Settings.
  { route: '/settings/profile', name: 'profile', path: () => '/settings/profile', full: 'main form', who: 'viewer' },
  {
    route: '/settings/runtimes',
    name: 'runtimes',
    path: () => '/settings/runtimes',
    full: 'main >> text=staging',
    who: 'viewer',
    floating: { connect: press(({ runtimes }) => runtimes.connect) },
  },
  {
    route: '/settings/keys',
    name: 'keys',
    path: () => '/settings/keys',
    full: 'main tbody tr',
    who: 'admin',
    floating: { create: press(({ keys }) => keys.create) },
  },
  {
    route: '/settings/users',
    name: 'users',
    path: () => '/settings/users',
    full: 'main >> text=linus',
    who: 'admin',
    floating: { invite: press(({ users }) => users.invite) },
  },
  {
    route: '/settings/webhooks',
    name: 'webhooks',
    path: () => '/settings/webhooks',
    full: 'main tbody tr',
    who: 'admin',
    floating: { create: press(({ webhooks }) => webhooks.create) },
  },
  {
    route: '/settings/webhooks/$id',
    name: 'webhook',
    path: ({ webhook }) => `/settings/webhooks/${webhook}`,
    full: 'main tbody tr',
    who: 'admin',
  },
]

/** Addresses that are only ways to a page. */
export const waysToPages: Readonly<Record<string, string>> = { '/': '/overview', '/settings': '/settings/profile' }
