import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const source = readFileSync(join(import.meta.dirname, '../app/styles/tokens.css'), 'utf8')

/** Each colour in its two themes: `{ ink: ['#16171b', '#ededf0'] }`. */
const colours = new Map(
  [...source.matchAll(/--color-([\w-]+): light-dark\((#\w+), (#\w+)\)/g)].map((match) => [
    match[1] ?? '',
    [match[2] ?? '', match[3] ?? ''] as const,
  ]),
)

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const full = colour.length === 4 ? colour.replace(/[^#]/g, '$&$&') : colour
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(full.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const surfaces = ['ground', 'page', 'raised', 'sunken', 'hover']
const statuses = ['ok', 'warn', 'danger', 'info', 'muted']

test.each([
  ['light', 0],
  ['dark', 1],
] as const)('every text can be read on every surface that it stands on: %s', (_, theme) => {
  const of = (name: string): string => colours.get(name)?.[theme] ?? name
  const pairs: [text: string, surface: string, least: number][] = [
    ...['ink', 'soft', 'faint', 'accent', ...statuses].flatMap((text) =>
      surfaces.map((surface): [string, string, number] => [text, surface, 4.5]),
    ),
    ...['ink', 'soft'].map((text): [string, string, number] => [text, 'chosen', 4.5]),
    ...statuses.map((status): [string, string, number] => [status, `${status}-soft`, 4.5]),
    ...['accent-fill', 'accent-fill-hover', 'danger-fill', 'danger-fill-hover'].map(
      (surface): [string, string, number] => ['#fff', surface, 4.5],
    ),
    // What is no text but has to be seen: borders of controls, the ring of the focus.
    ...['page', 'ground', 'raised'].flatMap((surface): [string, string, number][] => [
      ['control', surface, 3],
      ['accent', surface, 3],
    ]),
  ]
  const weak = pairs
    .map(([text, surface, least]) => ({ text, surface, least, is: contrast(of(text), of(surface)) }))
    .filter(({ is, least }) => is < least)
  expect(weak.map(({ text, surface, is }) => `${text} on ${surface}: ${is.toFixed(2)}`)).toEqual([])
  expect(colours.size).toBeGreaterThan(25)
})
