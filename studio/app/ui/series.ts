export interface Series {
  name: string
  /** One for each time; `null` leaves a gap. */
  values: readonly (number | null)[]
  /** Filled below the line. Default false. */
  area?: boolean
}

const looks = [
  { colour: '--color-series-1', swatch: 'bg-series-1' },
  { colour: '--color-series-2', swatch: 'bg-series-2' },
  { colour: '--color-series-3', swatch: 'bg-series-3' },
  { colour: '--color-series-4', swatch: 'bg-series-4' },
] as const

/** The custom property with the colour of a series, by its place among those of its chart. */
export function colourOf(at: number): string {
  return looks[at % looks.length]!.colour
}

/** The class that fills with that colour. */
export function swatchOf(at: number): string {
  return looks[at % looks.length]!.swatch
}
