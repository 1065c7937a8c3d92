/** What an option may be one of. */
export const taskStates = ['queued', 'running', 'absorbed', 'done', 'failed', 'cancelled'] as const
export const deliveryStates = [
  'pending',
  'sending',
  'sent',
  'retrying',
  'uncertain',
  'held',
  'dead',
  'discarded',
] as const
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export const shells = ['bash', 'zsh', 'fish'] as const
