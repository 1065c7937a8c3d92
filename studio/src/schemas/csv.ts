/** How formulas begin: also behind spaces, which some cut off, and in full width, which those take that are set to Chinese or Japanese. */
const formula = /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/

/** One line of a CSV file (RFC 4180). */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

/** What a spreadsheet would take for a formula begins with a quote, which makes it text (OWASP, "CSV Injection"). */
function cell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
