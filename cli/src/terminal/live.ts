/** Lines that are drawn anew in their place, on a screen of their own, until whoever looks leaves with Ctrl-C. */
export interface Live {
  draw(lines: readonly string[]): void
  /** Gives the terminal back as it was, with the last lines on it. */
  leave(): void
}

/** Sequences of xterm, which all others know (invisible-island.net/xterm/ctlseqs). */
const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const exit = '\u001b[?7h\u001b[?25h\u001b[?1049l'
const home = '\u001b[H'
const eraseLine = '\u001b[K'
const eraseBelow = '\u001b[J'

export function live(stream: NodeJS.WriteStream): Live {
  let last: readonly string[] = []
  const show = (): void => {
    // What does not fit is cut: the terminal does not wrap, and lines below its last one would scroll the first away.
    const fitting = last.slice(0, Math.max(1, (stream.rows || 24) - 1))
    // One write, so that nobody sees half of it.
    stream.write(`${home}${fitting.map((line) => `${line}${eraseLine}\n`).join('')}${eraseBelow}`)
  }
  stream.write(enter)
  stream.on('resize', show)
  return {
    draw(lines) {
      last = lines
      show()
    },
    leave() {
      stream.off('resize', show)
      stream.write(`${exit}${last.map((line) => `${line}\n`).join('')}`)
    },
  }
}
