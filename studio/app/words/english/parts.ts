/** Connectors and model services. */
export const partsWords = {
  type: 'Type',
  options: 'Options',
  notJson: 'This is no JSON yet.',
  createText: 'Choose what it is. Its settings come next.',
  noTypes: 'No runtime tells which types are installed. Type the name of one.',
  connector: {
    text: 'Where people write: chat platforms and their accounts.',
    create: 'New connector',
    nameHint: 'How routes refer to it',
    empty: 'No connectors yet',
    emptyHint: 'A connector is an account on a chat platform, over which people reach an agent.',
  },
  provider: {
    text: 'Where models run: services that agents call.',
    create: 'New model service',
    nameHint: 'The first half of model names, such as main in main/gpt-5-mini',
    empty: 'No model services yet',
    emptyHint: 'A model service is what agents think with: OpenAI, or whatever speaks its protocol.',
  },
}
