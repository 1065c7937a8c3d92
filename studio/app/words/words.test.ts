import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseSync, Visitor } from 'vite'
import { expect, test } from 'vitest'
import { chinese } from './chinese.ts'
import { english } from './english.ts'

const app = join(import.meta.dirname, '..')

/** The attributes of elements and components that people read or hear. */
const said =
  /^(title|label|placeholder|alt|text|hint|error|action|aria-(label|description|roledescription|valuetext|placeholder))$/

/** What is the same in every language: signs, numbers, paths. */
const signs = /^([\s\d\p{P}\p{S}]*|\/[\w/#…-]*)$/u

function textsOf(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  const found: string[] = []
  const note = (text: string): void => {
    if (!signs.test(text)) found.push(`${relative(app, file)}: ${text.trim()}`)
  }
  /** A text, also as either side of a choice or within a template. */
  const noteValue = (value: unknown): void => {
    const node = value as { type?: string; [name: string]: unknown } | null
    if (node?.type === 'Literal' && typeof node['value'] === 'string') note(node['value'])
    if (node?.type === 'TemplateLiteral') {
      for (const quasi of node['quasis'] as { value: { cooked: string } }[]) note(quasi.value.cooked)
    }
    if (node?.type === 'ConditionalExpression') [node['consequent'], node['alternate']].forEach(noteValue)
    if (node?.type === 'LogicalExpression') [node['left'], node['right']].forEach(noteValue)
    if (node?.type === 'JSXExpressionContainer') noteValue(node['expression'])
  }
  new Visitor({
    JSXText: (node) => note(node.value),
    JSXAttribute(node) {
      const name = node.name.type === 'JSXIdentifier' ? node.name.name : ''
      if (said.test(name)) noteValue(node.value)
    },
    JSXElement: (node) => node.children.filter((child) => child.type === 'JSXExpressionContainer').forEach(noteValue),
    JSXFragment: (node) => node.children.filter((child) => child.type === 'JSXExpressionContainer').forEach(noteValue),
  }).visit(program)
  return found
}

test('no page and no part says anything that is not in the catalogue', () => {
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'))
  expect(files.length).toBeGreaterThan(40)
  expect(files.flatMap((file) => textsOf(join(app, file), readFileSync(join(app, file), 'utf8')))).toEqual([])
})

test('finds what is said beside the catalogue, wherever it stands', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
  const source = 'const a = <p title="One" data-x="no">Two {b ? "Three" : `Four ${c}`} {d && "Five"} – {words.six}</p>'
  const found = textsOf(join(app, 'x.tsx'), source).map((line) => line.replace('x.tsx: ', ''))
  expect(found.sort()).toEqual(['Five', 'Four', 'One', 'Three', 'Two'])
})

/** `a.b`, and whether it is a text or a function of how many values. */
function shapeOf(value: unknown, path = ''): string[] {
  if (typeof value === 'function') return [`${path}: function`]
  if (typeof value !== 'object' || value === null) return [`${path}: ${typeof value}`]
  return Object.entries(value).flatMap(([name, inner]) => shapeOf(inner, path === '' ? name : `${path}.${name}`))
}

test('both languages say the same things', () => {
  expect(shapeOf(chinese).sort()).toEqual(shapeOf(english).sort())
})

test('nothing is left empty in either language', () => {
  const empty = (value: unknown, path: string): string[] => {
    if (typeof value === 'string') return value.trim() === '' ? [path] : []
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([name, inner]) => empty(inner, `${path}.${name}`))
  }
  expect([...empty(english, 'english'), ...empty(chinese, 'chinese')]).toEqual([])
})
