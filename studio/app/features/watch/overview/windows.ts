/** How far back the overview looks: by itself, since the address is read before anything of the page is loaded. */
export const windows = ['hour', 'day', 'week'] as const
export type Window = (typeof windows)[number]
