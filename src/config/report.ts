/** Hears what is wrong, and where below the value that was handed in. */
export type Report = (problem: string, path: readonly (string | number)[]) => void
