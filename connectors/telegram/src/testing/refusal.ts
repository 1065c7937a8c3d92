/** The Bot API's no, in its own words (github.com/tdlib/telegram-bot-api, github.com/tdlib/td). */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly retryAfter?: number,
  ) {
    super(description)
  }
}

export function badRequest(description: string): Refusal {
  return new Refusal(400, `Bad Request: ${description}`)
}
