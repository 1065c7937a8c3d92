import { onNeed } from './on-need.tsx'

/** Asks for something in front of the page. The focus goes in, stays in, and goes back to where it was; Escape closes. */
export const Dialog = onNeed(() => import('./dialog-shown.tsx'))
