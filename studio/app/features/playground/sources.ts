/** As an agent runs in the runtime, or as it is saved in Studio: by itself, since the address is read before the page is loaded. */
export const sources = ['running', 'draft'] as const
export type Source = (typeof sources)[number]
