/** A login as it is compared: two that look alike to most people are the same (Unicode, UAX #15 and default case folding). */
export function canonicalLogin(login: string): string {
  return login.trim().normalize('NFKC').toLowerCase()
}
