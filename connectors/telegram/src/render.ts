/**
 * Markdown as a text with entities (core.telegram.org/bots/api#messageentity). Pure. Entities rather than Telegram's
 * HTML: nothing has to be escaped, nothing an answer contains can make the message malformed, and the text is the very
 * text that Telegram counts. What Telegram cannot show stays readable: a table keeps its source, in a fixed-width block.
 */
import { Marked, type MarkedToken, type Token, type Tokens } from 'marked'
import { Page, type Rendered, type Style } from './page.ts'

/**
 * Never longer than its source, so that what was cut to fit one message still does. What would be (nested lists with
 * tabs can) or would come out blank (a lone link definition) is shown as its source.
 */
export function render(source: string): Rendered {
  const plain = { text: source, entities: [] }
  if (!markup.test(source)) return plain
  const page = new Page()
  try {
    writeBlocks(markdown.lexer(source), page, { styles: [], depth: 0 })
  } catch {
    // Thousands of nested quotes overflow marked's stack (RangeError).
    return plain
  }
  const rendered = page.done()
  return rendered.text.trim() === '' || rendered.text.length > source.length ? plain : rendered
}

/** An instance of our own: programs that use marked may have changed the shared one. */
const markdown = new Marked()

/** What a text without any markup lacks; most chat is such text, and need not be parsed. */
const markup = /[\\`*_~[\]<>&#|]|^[ \t]*[-+=]|^ {4}|^ *\t|^[ \t]*\d+[.)]| {2}$/m

interface Context {
  styles: readonly Style[]
  /** Lists around this place. */
  depth: number
}

function writeBlocks(tokens: readonly Token[], page: Page, context: Context): void {
  let begun = false
  /** Lines between two blocks in the source: a list right below its heading stays there. */
  let newlines = 0
  for (const token of tokens as readonly MarkedToken[]) {
    if (token.type !== 'space' && token.type !== 'def') {
      if (begun) page.write(lineBreak(newlines) + indentOf(token, context), context.styles)
      writeBlock(token, page, context)
      begun = true
      newlines = 0
    }
    newlines += newlinesAtEnd(token.raw)
  }
}

function lineBreak(newlines: number): string {
  return newlines > 1 ? '\n\n' : '\n'
}

/** An em space for each list around a list: two spaces would be longer than the tab that may stand in the source. */
function indentOf({ type }: Token, { depth }: Context): string {
  return type === 'list' ? '\u2003'.repeat(depth) : ''
}

function writeBlock(token: MarkedToken, page: Page, context: Context): void {
  const { styles } = context
  switch (token.type) {
    case 'heading':
      return writeInline(token.tokens, page, withStyle(styles, { type: 'bold' }))
    case 'paragraph':
      return writeInline(token.tokens, page, styles)
    case 'text':
      return writeInline(token.tokens ?? [token], page, styles)
    case 'code':
      return page.write(token.text, [{ type: 'pre', ...languageOf(token) }])
    case 'table':
      return page.write(token.raw.trimEnd(), [{ type: 'pre' }])
    case 'blockquote':
      return writeQuote(token, page, context)
    case 'list':
      return writeList(token, page, context)
    case 'hr':
      return page.write('———')
    case 'checkbox':
      return // its list item shows it
    default:
      return page.write(token.raw.trimEnd(), styles)
  }
}

function languageOf({ lang = '' }: Tokens.Code): { language?: string } {
  const [language = ''] = lang.split(/\s/, 1)
  return language === '' ? {} : { language }
}

/** A quote within a quote shows as part of it: Telegram nests none. */
function writeQuote({ tokens }: Tokens.Blockquote, page: Page, context: Context): void {
  writeBlocks(tokens, page, { ...context, styles: withStyle(context.styles, { type: 'blockquote' }) })
}

function writeList(list: Tokens.List, page: Page, context: Context): void {
  const { styles, depth } = context
  let newlines = 0
  for (const [index, item] of list.items.entries()) {
    if (index > 0) page.write(lineBreak(newlines) + indentOf(list, context), styles)
    const content = item.tokens.filter(({ type }) => type !== 'checkbox')
    page.write(marker(list, item, index) + (content.length === 0 ? '' : ' '), styles)
    writeBlocks(content, page, { styles, depth: depth + 1 })
    newlines = newlinesAtEnd(item.raw)
  }
}

function marker({ ordered, start }: Tokens.List, item: Tokens.ListItem, index: number): string {
  if (item.task) return item.checked ? '☑' : '☐'
  if (!ordered) return '•'
  const [, written = '', point = '.'] = /^\s*(\d+)([.)])/.exec(item.raw) ?? []
  const counted = String((start || 0) + index)
  // "1." before every item is Markdown too; the tenth of them would grow.
  return (counted.length > written.length ? written : counted) + point
}

function writeInline(tokens: readonly Token[], page: Page, styles: readonly Style[]): void {
  for (const token of tokens as readonly MarkedToken[]) writeSpan(token, page, styles)
}

function writeSpan(token: MarkedToken, page: Page, styles: readonly Style[]): void {
  switch (token.type) {
    case 'text':
      return page.write(decoded(token.text), styles)
    case 'escape':
      return page.write(token.text, styles)
    case 'strong':
      return writeInline(token.tokens, page, withStyle(styles, { type: 'bold' }))
    case 'em':
      return writeInline(token.tokens, page, withStyle(styles, { type: 'italic' }))
    case 'del':
      return writeInline(token.tokens, page, withStyle(styles, { type: 'strikethrough' }))
    case 'codespan':
      return writeCode(token, page, styles)
    case 'link':
      return writeLink(token, page, styles)
    case 'image':
      return writeLink({ ...token, tokens: [], text: token.text || token.href }, page, styles)
    case 'br':
      return page.write('\n', styles)
    case 'html':
      return page.write(/^<br\s*\/?>$/i.test(token.raw) ? '\n' : token.raw, styles)
    case 'checkbox':
      return
    default:
      return page.write(token.raw, styles)
  }
}

/** No style lies within itself. */
function withStyle(styles: readonly Style[], style: Style): readonly Style[] {
  return styles.some(({ type }) => type === style.type) ? styles : [...styles, style]
}

/** Code takes no other style but that of the quote it is in; within a link, the link is worth more. */
function writeCode({ text }: Tokens.Codespan, page: Page, styles: readonly Style[]): void {
  if (styles.some(({ type }) => type === 'text_link')) return page.write(text, styles)
  page.write(text, [...styles.filter(({ type }) => type === 'blockquote'), { type: 'code' }])
}

interface Linked extends Pick<Tokens.Link, 'raw' | 'href' | 'text' | 'tokens'> {
  autolink?: boolean
}

function writeLink(link: Linked, page: Page, styles: readonly Style[]): void {
  const tokens: readonly Token[] = link.tokens.length > 0 ? link.tokens : [{ type: 'text', raw: '', text: link.text }]
  const url = decoded(link.href)
  // Telegram makes links of bare addresses itself.
  if (link.autolink || link.href === link.text) return writeInline(tokens, page, styles)
  if (opens(url)) return writeInline(tokens, page, withStyle(styles, { type: 'text_link', url }))
  writeInline(tokens, page, styles)
  // A reference such as "[text][1]" has its address elsewhere.
  if (link.raw.includes(link.href)) page.write(` (${url})`, styles)
}

/** Whether Telegram takes it for the address of a link. */
function opens(url: string): boolean {
  return /^(https?|tg):/i.test(url) && URL.canParse(url)
}

function newlinesAtEnd(raw: string): number {
  return /\n[\n \t]*$/.exec(raw)?.[0].replace(/[^\n]/g, '').length ?? 0
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/** Character references (spec.commonmark.org/0.31.2/#entity-and-numeric-character-references): the ones in use. */
function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi, (reference, decimal, hex, name) => {
    if (name !== undefined) return named[name] ?? reference
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code === 0 || code > 0x10_ff_ff ? '\ufffd' : String.fromCodePoint(code).toWellFormed()
  })
}
