import { createHash } from 'node:crypto'

/** The page's whole appearance: nothing is loaded from anywhere. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5f6b76; --line: #e2e6ea; --page: #fff; --plate: #f6f8fa; --accent: #0b6e6e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --soft: #98a4b0; --line: #2c343c; --page: #14181c; --plate: #1b2127; --accent: #5cc8c0; }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
.page { display: grid; grid-template-columns: 17rem minmax(0, 52rem); gap: 0 3rem; max-width: 78rem; margin: 0 auto; padding: 0 1.5rem; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 1.75rem 0; font-size: 14px; }
nav h2 { margin: 1.1rem 0 .25rem; font-size: 12px; letter-spacing: .06em; text-transform: uppercase; color: var(--soft); }
nav h2 a { color: inherit; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: .1rem 0; color: var(--ink); }
header { grid-column: 2; padding-top: 1.75rem; }
nav { grid-column: 1; grid-row: 1 / span 2; }
main { grid-column: 2; padding: 0 0 6rem; min-width: 0; }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.01em; }
.lead { color: var(--soft); margin: .4rem 0 0; }
section > h2 { margin: 3rem 0 .25rem; font-size: 1.25rem; }
section > p { margin: 0; color: var(--soft); }
article { margin: 1.5rem 0 0; padding: 1.25rem 0 .25rem; border-top: 1px solid var(--line); }
article h3 { margin: 0; font-size: 1.05rem; font-weight: 600; }
.route { display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap; margin: .35rem 0 .6rem; }
.method { font: 600 12px ui-monospace, monospace; letter-spacing: .03em; color: var(--accent); }
.open { font-size: 12px; color: var(--soft); border: 1px solid var(--line); border-radius: 99px; padding: 0 .5rem; }
h4 { margin: 1rem 0 .35rem; font-size: 13px; color: var(--soft); font-weight: 600; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; font-size: 12px; color: var(--soft); }
th, td { padding: .32rem .8rem .32rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child { width: 34%; }
th:nth-child(2) { width: 20%; }
td.type { color: var(--soft); }
.required { color: var(--accent); font-size: 12px; margin-left: .4rem; }
pre { margin: .35rem 0 0; padding: .8rem 1rem; background: var(--plate); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; }
@media (max-width: 56rem) {
  .page { display: block; padding: 0 1rem; }
  nav { position: static; max-height: none; padding: 1.25rem 0 0; columns: 2; }
  nav > div { break-inside: avoid; }
  th:first-child { width: 40%; }
}
@media (max-width: 30rem) { nav { columns: 1; } }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`

/** What lets the style in past the page's Content-Security-Policy (CSP 3, "hash-source"). */
export const styleSource = `sha256-${createHash('sha256').update(style).digest('base64')}`
