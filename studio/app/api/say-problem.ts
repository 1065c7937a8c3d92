import type { Words } from '../words/english.ts'

/** What the service says, in English, of a field and of an attempt to send a webhook. The test beside it asks the service itself. */
const known = {
  tooLong: /^(?:Too big: expected string to have <=|use at most )(\d+) characters$/,
  empty: /^Too small: expected string to have >=1 characters$/,
  taken: /^is taken$/,
  tooShort: /^use at least (\d+) characters$/,
  login: /^use 1 to 64 letters, digits, "\."/,
  controls: /^leave out control characters$/,
  notThePassword: /^is not the password$/,
  fullAddress: /^write a full address with http/,
  addressWithUser: /^leave the name and the password out/,
  addressWithMore: /^leave out what begins with/,
  keyAgain: /^is needed again where an address changes$/,
  wholeKey: /^give the whole key as/,
  webhookSecret: /^expected "whsec_"/,
  noUrl: /^is no URL$/,
  noHttp: /^needs to begin with https:/,
  urlWithUser: /^holds a user or a password/,
  notPublic: /^leads to no public address/,
  redirects: /^answers (\d+); redirects are not followed$/,
  answers: /^answers (\d+)$/,
  late: /^does not answer within ([\d.]+) s$/,
  unreachable: /^cannot be reached: (.*)$/s,
  noRuntime: /^No runtime is connected\.$/,
  runtimeAway: /^(https?:\/\/\S+) cannot be reached: /,
  secretSealed: /^its secret cannot be opened/,
} as const satisfies Record<keyof Words['problems']['details'], RegExp>

/** The same in the words of the page; as it is where there are none for it. */
export function sayProblem(detail: string, { problems }: Words): string {
  for (const [name, pattern] of Object.entries(known)) {
    const found = pattern.exec(detail)
    if (found === null) continue
    const said = problems.details[name as keyof typeof known]
    return typeof said === 'string' ? said : said(found[1] ?? '')
  }
  return detail
}
