import { z } from 'zod'
import { plainLine } from './plain-line.ts'
import { role } from './role.ts'

/** A login is compared without regard to case; see `accounts/login.ts`. */
const login = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,63}$/u, 'use 1 to 64 letters, digits, ".", "_", "@", "+" or "-"')

const name = z.string().trim().min(1).max(100).regex(plainLine, 'leave out control characters')

/**
 * At least 12 characters, of any kind, as NIST SP 800-63B has it: length counts, and no rule about digits. More than 200 are
 * no password but an attempt to keep the service busy.
 */
const newPassword = z.string().min(12, 'use at least 12 characters').max(200, 'use at most 200 characters')
/** One that was given earlier, whatever the rules were then. */
const password = z.string().max(200)

/** What a one-time link carries after its `#`. */
const token = z.string().min(1).max(200)

const language = z.enum(['en', 'zh']).nullable().describe('Null: as the browser says')
const theme = z.enum(['light', 'dark', 'system']).nullable()

export const firstRunState = z.object({
  open: z.boolean().describe('There is no account yet, so that the one-time link makes the first one'),
})
export const firstRunRequest = z.strictObject({ token, login, name, password: newPassword })
export const signInRequest = z.strictObject({
  login: z.string().max(200),
  password,
  device: z
    .string()
    .max(200)
    .optional()
    .describe('From another host: the `device` of an earlier entry, if there is one'),
})
export const invitationRequest = z.strictObject({ token, password: newPassword })

export const me = z.object({
  user: z.object({ id: z.string(), login: z.string(), name: z.string(), role, language, theme }),
})
export type Me = z.infer<typeof me>

/** Somebody has signed in. A page of another host, where no cookie goes, is given in `entry` what it keeps in their place. */
export const entered = me.extend({
  entry: z
    .object({
      token: z
        .string()
        .describe('To be sent with each request, as `Authorization: Bearer …`; good from that host alone'),
      device: z.string().describe('Opens nothing: for the next time that somebody signs in with this browser'),
    })
    .optional(),
})
export type Entered = z.infer<typeof entered>

export const meRequest = z.strictObject({ name, language, theme }).partial()
export const passwordRequest = z.strictObject({ current: password, next: newPassword })

export const user = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  role,
  createdAt: z.int().describe('ms since the epoch'),
  signedInAt: z.int().nullable().describe('Null before the first time'),
  hasPassword: z.boolean().describe('False until an invitation is taken up'),
  invitedUntil: z.int().nullable().describe('Until when the last invitation can be taken up; null when there is none'),
})
export type User = z.infer<typeof user>

export const userList = z.object({ data: z.array(user) })
export const userRequest = z.strictObject({ login, name, role })
export const userChange = z.strictObject({ login, name, role }).partial()
export const invitation = z.object({
  link: z.string().describe('Can be used once; shown once'),
  expiresAt: z.int().describe('ms since the epoch'),
})
