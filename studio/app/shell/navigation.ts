import type { LinkProps } from '@tanstack/react-router'
import {
  Bot,
  Cable,
  Cpu,
  LayoutDashboard,
  ListChecks,
  type LucideIcon,
  MapPinSearch,
  FlaskConical,
  MessagesSquare,
  ScrollText,
  Rocket,
  Send,
  Settings,
  ShieldCheck,
  Waypoints,
} from 'lucide-react'
import type { Words } from '../words/english.ts'

export const groups = ['configure', 'watch', 'settings'] as const

export interface Section {
  /** Its name in the words: `shell.sections`. */
  id: keyof Words['shell']['sections']
  to: NonNullable<LinkProps['to']>
  /** `null` stands above the groups. */
  group: (typeof groups)[number] | null
  Icon: LucideIcon
  /** After `g`. */
  key: string
}

/**
 * The rail, the palette and the `g` shortcuts, in this order. A page adds its line here when its route exists: Overview (o) ·
 * Agents (a) · Routes (r) · Connectors (c) · Model services (m) · Releases (e) · Playground (p) · Sessions (s) · Tasks (t) ·
 * Deliveries (d) · Where is my message? (w) · Logs (l) · Audit (u) · Settings (,). The first line is the start page.
 */
export const navigation: readonly Section[] = [
  { id: 'overview', to: '/overview', group: null, Icon: LayoutDashboard, key: 'o' },
  { id: 'agents', to: '/agents', group: 'configure', Icon: Bot, key: 'a' },
  { id: 'routes', to: '/routes', group: 'configure', Icon: Waypoints, key: 'r' },
  { id: 'connectors', to: '/connectors', group: 'configure', Icon: Cable, key: 'c' },
  { id: 'providers', to: '/providers', group: 'configure', Icon: Cpu, key: 'm' },
  { id: 'releases', to: '/releases', group: 'configure', Icon: Rocket, key: 'e' },
  { id: 'playground', to: '/playground', group: 'watch', Icon: FlaskConical, key: 'p' },
  { id: 'sessions', to: '/sessions', group: 'watch', Icon: MessagesSquare, key: 's' },
  { id: 'tasks', to: '/tasks', group: 'watch', Icon: ListChecks, key: 't' },
  { id: 'deliveries', to: '/deliveries', group: 'watch', Icon: Send, key: 'd' },
  { id: 'trace', to: '/trace', group: 'watch', Icon: MapPinSearch, key: 'w' },
  { id: 'logs', to: '/logs', group: 'watch', Icon: ScrollText, key: 'l' },
  { id: 'audit', to: '/audit', group: 'watch', Icon: ShieldCheck, key: 'u' },
  { id: 'settings', to: '/settings', group: 'settings', Icon: Settings, key: ',' },
]
