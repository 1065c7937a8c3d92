import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView, highlightSpecialChars } from '@codemirror/view'
import { tags } from '@lezer/highlight'

const theme = EditorView.theme({
  '&': { fontSize: '0.8125rem', backgroundColor: 'var(--color-page)', color: 'var(--color-ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.25rem' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--color-ink)' },
  '.cm-line': { padding: '0 12px' },
  '.cm-deletedChunk': { paddingLeft: '12px' },
  '.cm-cursor': { borderLeftColor: 'var(--color-ink)' },
  '.cm-gutters': {
    backgroundColor: 'var(--color-page)',
    color: 'var(--color-faint)',
    border: 'none',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#cfd9fb, #2c3d7c)',
  },
  '.cm-specialChar': { color: 'var(--color-danger)' },
  '.cm-placeholder': { color: 'var(--color-faint)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--color-raised)',
    border: 'none',
    borderRadius: 'var(--radius-md)',
    boxShadow: 'var(--shadow-overlay)',
  },
  '.cm-diagnostic': { padding: '4px 8px', fontFamily: 'var(--font-sans)' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--color-danger-soft)' },
  '&.cm-merge-b .cm-changedLine, .cm-insertedLine, .cm-inlineChangedLine': { backgroundColor: 'var(--color-ok-soft)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--color-danger) 24%, transparent)',
  },
  '&.cm-merge-b .cm-changedText, .cm-changedText': {
    background: 'color-mix(in srgb, var(--color-ok) 24%, transparent)',
  },
  '.cm-collapsedLines': {
    background: 'var(--color-sunken)',
    color: 'var(--color-faint)',
    fontFamily: 'var(--font-sans)',
  },
  // Its own sign is in few fonts.
  '.cm-collapsedLines:before': { content: '"⋯"' },
  '.cm-collapsedLines:after': { content: '""' },
})

const highlight = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '600' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: [tags.link, tags.url], color: 'var(--color-accent)' },
  { tag: tags.string, color: 'var(--color-ok)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--color-info)' },
  { tag: tags.propertyName, color: 'var(--color-ink)' },
  { tag: [tags.punctuation, tags.processingInstruction, tags.contentSeparator], color: 'var(--color-faint)' },
  { tag: tags.monospace, color: 'var(--color-info)' },
])

/** What is not seen and changes what is: marks of direction beside those that CodeMirror knows, spaces without width, controls. */
const hidden = highlightSpecialChars({ addSpecialChars: /[\u202a-\u202c\u2068]/g })

/** The editor in the colours of the app, which follow the theme by themselves; what hides in a text is a dot in it. */
export const editorLooks = [theme, syntaxHighlighting(highlight), hidden]
