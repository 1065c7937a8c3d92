/** How log lines look for people: those of `asyncv start` in a terminal, and those that `asyncv logs` shows. */
export const prettyOptions = { singleLine: true, ignore: 'pid,hostname' } as const
