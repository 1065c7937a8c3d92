/** What holds where an agent sets no limit of its own; `AgentLimits` says what each bounds. */
export const defaultLimits = {
  modelCalls: 16,
  wallMs: 300_000,
  outputTokens: 16_384,
  toolCalls: 64,
  historyTokens: 24_000,
}
