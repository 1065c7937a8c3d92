// The provider, made in code or by name from a configuration.
export { openai, openaiProvider, type OpenaiClientOptions } from './provider.ts'
export { openaiOptions, type OpenaiOptions } from './options.ts'
export type { OfficialClient } from './client-transport.ts'
