import type { AuditEntry } from './chain.ts'

/** How formulas begin: also behind spaces, which some cut off, and in full width, which those take that are set to Chinese or Japanese. */
const formula = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/

export const csvHead = line(['n', 'at', 'actor', 'name', 'action', 'target', 'detail', 'previous hash', 'hash'])

export function csvLine({ n, at, actor, action, target, detail, prevHash, hash }: AuditEntry): string {
  return line([
    String(n),
    new Date(at).toISOString(),
    actor.id,
    actor.name,
    action,
    target,
    detail ?? '',
    prevHash,
    hash,
  ])
}

/** RFC 4180. */
function line(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

/** What a spreadsheet would take for a formula begins with a quote, which makes it text (OWASP, "CSV Injection"). */
function cell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
