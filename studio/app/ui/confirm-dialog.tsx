import { onNeed } from './on-need.tsx'

/** Asks before what cannot be undone. The focus begins on Cancel, and a click beside it closes nothing. */
export const ConfirmDialog = onNeed(() => import('./confirm-dialog-shown.tsx'))
