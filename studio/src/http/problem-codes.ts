/** What programs branch on: the HTTP status of each code, and the sentence that explains it. */
const codes = {
  request_malformed: [400, 'The request is not HTTP that this service can read.'],
  body_malformed: [400, 'The body is not JSON that can be read.'],
  input_invalid: [400, 'Something in the request is not as it has to be.'],
  unauthenticated: [401, 'Nobody is signed in.'],
  sign_in_failed: [401, 'The login or the password is wrong.'],
  link_invalid: [403, 'The link is wrong, was used, or is too old.'],
  forbidden: [403, 'The account may not do this.'],
  origin_refused: [403, 'Pages of this origin may not call this service.'],
  route_unknown: [404, 'There is nothing at this path.'],
  user_unknown: [404, 'There is no such account.'],
  runtime_unknown: [404, 'There is no such runtime.'],
  item_unknown: [404, 'There is no such item.'],
  release_unknown: [404, 'There is no such release.'],
  webhook_unknown: [404, 'There is no such webhook.'],
  method_refused: [405, 'This path does not take this method.'],
  name_taken: [409, 'The name is taken.'],
  version_conflict: [409, 'Somebody else has saved meanwhile.'],
  state_conflict: [409, 'This cannot be done as things are.'],
  last_admin: [409, 'The last administrator cannot go.'],
  body_too_large: [413, 'The body is larger than this service takes.'],
  type_unsupported: [415, 'The body is in a form that this route does not take.'],
  host_refused: [421, 'This service does not answer for this host.'],
  release_invalid: [422, 'The document is not one that a runtime would take.'],
  rate_limited: [429, 'There were too many attempts.'],
  storage_failed: [503, 'The database does not take it now.'],
  runtime_unreachable: [502, 'The runtime cannot be reached.'],
  runtime_refused: [502, 'The runtime does not take the key of Studio.'],
  internal: [500, 'This is a bug in Studio.'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof codes

export function statusOf(code: ProblemCode): number {
  return codes[code][0]
}

export function titleOf(code: ProblemCode): string {
  return codes[code][1]
}
