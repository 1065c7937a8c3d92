import colors from 'picocolors'

/** What results are printed on. */
export interface Screen {
  /** Columns of the terminal; `null` for a pipe or a file, which have no end on the right. */
  columns: number | null
  /** Colours where they are wanted; in a pipe, and with `NO_COLOR`, they change nothing. */
  paint: ReturnType<typeof colors.createColors>
}

export function screen(stream: NodeJS.WriteStream = process.stdout): Screen {
  return {
    columns: stream.isTTY ? stream.columns || 80 : null,
    paint: colors.createColors(colors.isColorSupported && stream.isTTY),
  }
}
