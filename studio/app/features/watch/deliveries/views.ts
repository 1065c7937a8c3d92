/** What the list of deliveries can show: by itself, since the address is read before anything of the page is loaded. */
export const views = ['attention', 'open', 'sent', 'discarded', 'all'] as const
export type DeliveryView = (typeof views)[number]
