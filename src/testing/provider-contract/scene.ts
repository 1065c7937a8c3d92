/** What the service behind a provider does in every call of a case. */
export type Scene =
  /** Answers as it likes. */
  | { plays: 'anything' }
  /** Answers as it likes, but needs more than a second for it; the first piece comes at once. */
  | { plays: 'slow' }
  /** Says these pieces, asks for these tools, tells these token counts, and finishes. */
  | {
      plays: 'answer'
      text: readonly string[]
      toolCalls?: readonly { name: string; args: unknown }[]
      usage?: { inputTokens: number; outputTokens: number }
    }
  /** Says these pieces and finishes because the limit on output tokens is reached. */
  | { plays: 'length'; text: readonly string[] }
  /** Says these pieces and begins this call; its connection breaks in the middle of the arguments. */
  | { plays: 'cut'; text: readonly string[]; toolCall: { name: string; args: unknown } }
  /** Says these pieces and ends in good order, without a word that it is finished. */
  | { plays: 'unfinished'; text: readonly string[] }
  /** Says these pieces and then nothing more. The provider is made with a timeout below a second for that. */
  | { plays: 'stall'; text: readonly string[] }
  /** Takes the request and never answers. The provider is made with a timeout below a second for that. */
  | { plays: 'silence' }
  /** Asks to wait. */
  | { plays: 'limited'; retryAfterMs: number }
  /** Wants money. */
  | { plays: 'quota' }
  /** Does not know the key. */
  | { plays: 'denied' }
  /** Does not accept the request, and says this. */
  | { plays: 'refused'; message: string }
  /** Answers with a server error. */
  | { plays: 'broken' }
  /** Is not there at all. */
  | { plays: 'unreachable' }
