/** What is written down; `target` is the id of what it was done to. */
export const auditActions = [
  'user.created',
  'user.changed',
  'user.deleted',
  'user.invited',
  'user.invitation_accepted',
  'user.password_changed',
  'session.began',
  'session.ended',
  'runtime.connected',
  'runtime.changed',
  'runtime.disconnected',
  'runtime.operated',
  'item.created',
  'item.saved',
  'item.deleted',
  'item.restored',
  'item.renamed',
  'item.imported',
] as const

export type AuditAction = (typeof auditActions)[number]
