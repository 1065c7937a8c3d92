/** The agent of a service that has no configuration, and of one that `asyncv init` has set up. */
export const usualAgent = {
  name: 'assistant',
  instructions: 'You are a helpful assistant. Answer briefly, in the language of the person.',
  tools: ['time', 'calculator'],
}
