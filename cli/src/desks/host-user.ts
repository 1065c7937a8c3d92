import { userInfo } from 'node:os'
import type { Actor } from 'asyncv'

/** Who runs this command on the host, as the audit log names them. In a container a user may have no name. */
export function hostUser(): Actor {
  return { id: 'command', name: nameOfUser() }
}

function nameOfUser(): string | null {
  try {
    return userInfo().username
  } catch {
    return null
  }
}
