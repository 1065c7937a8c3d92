import type { ItemKind } from '../../../src/schemas/item.ts'
import type { Words } from '../../words/english.ts'

/** Where items of a kind are edited, and where they are listed. */
export const places = {
  agent: { list: '/agents', one: '/agents/$name' },
  route: { list: '/routes', one: '/routes/$name' },
  connector: { list: '/connectors', one: '/connectors/$name' },
  provider: { list: '/providers', one: '/providers/$name' },
} as const satisfies Record<ItemKind, { list: string; one: string }>

/** The section that lists a kind, by its name in the words. */
export const sections = {
  agent: 'agents',
  route: 'routes',
  connector: 'connectors',
  provider: 'providers',
} as const satisfies Record<ItemKind, keyof Words['shell']['sections']>
