export const agentsWords = {
  text: 'Who answers: instructions, a model, tools and limits.',
  create: 'New agent',
  createText: 'Begin with a template. Everything can be changed afterwards.',
  empty: 'No agents yet',
  emptyHint: 'An agent is what answers people: instructions, a model, and what it may do.',
  template: 'Template',
  instructions: 'Instructions',
  instructionsPlaceholder: 'Who the agent is, what it does, and what it never does.',
  noInstructions: 'Nothing is written yet.',
  write: 'Write',
  source: 'Text',
  preview: 'Preview',
  characters: (count: string, most: string) => `Markdown, ${count} of ${most} characters`,
  behaviour: 'How it works',
  model: 'Model',
  models: 'Model and fallbacks',
  modelsHint: 'When one fails, the next takes over.',
  modelHint: 'Model service and model. Others can be typed.',
  modelPlaceholder: 'service/model',
  modelShape: 'Write the service and the model, such as main/gpt-5-mini.',
  fallback: (n: number) => `Fallback ${n}`,
  addFallback: 'Add fallback',
  moveUp: (model: string) => `Move ${model} up`,
  moveDown: (model: string) => `Move ${model} down`,
  removeModel: (model: string) => `Remove ${model}`,
  tools: 'Tools',
  toolsUnknown: 'Which tools there are is not known while no runtime answers.',
  noTools: 'This runtime has no tools.',
  toolMissing: 'The runtime does not have this tool.',
  effects: { read: 'only reads', idempotent: 'safe to repeat', once: 'never repeated' },
  limits: 'Limits',
  limitsHint: 'A task ends where it reaches one. What is grey is the default.',
  seconds: 's',
  limitHints: {
    wallMs: 'From the start of a task to its end',
    modelCalls: 'Calls in one task',
    toolCalls: 'Calls in one task',
    outputTokens: 'Written in one task',
    historyTokens: 'Of earlier messages, sent along',
  },
  whenBusy: 'When a message comes while it is answering',
  whenBusyNames: { default: 'As is usual', steer: 'Take it up', queue: 'Wait for its turn' },
  whenBusyHints: {
    default: 'Chats take it up, API callers wait for their turn.',
    steer: 'The running answer takes the new message into account.',
    queue: 'Each message gets an answer of its own, in order.',
  },
  places: {
    name: 'Name',
    instructions: 'Instructions',
    model: 'Model',
    tools: 'Tools',
    whenBusy: 'When busy',
    limits: {
      wallMs: 'Time',
      modelCalls: 'Model calls',
      toolCalls: 'Tool calls',
      outputTokens: 'Output tokens',
      historyTokens: 'History tokens',
    },
  },
  templates: {
    blank: { name: 'Blank', text: 'Nothing but a name and a model.' },
    support: {
      name: 'Support',
      text: 'Answers customers in a chat, briefly, and hands over when it cannot help.',
      instructions: `# Role

You answer customers in a chat on behalf of our company.

# How you answer

- Briefly and kindly: two or three sentences, then a question if something is missing.
- In the language of the customer.
- Only what you know. If you do not know it, say so, and say who does.

# What you never do

- Promise refunds, dates or prices.
- Ask for passwords or card numbers.
`,
    },
    translator: {
      name: 'Translator',
      text: 'Translates each message, and says nothing else.',
      instructions: `# Role

You translate. Whatever is written in Chinese you translate into English, everything else into Chinese.

# How you answer

- With the translation alone: no greeting, no explanation.
- Keep names, numbers, code and formatting as they are.
- Where a word has two meanings, choose the one that fits the whole text.
`,
    },
    writer: {
      name: 'Writer',
      text: 'Drafts and improves texts, in a tone that one asks for.',
      instructions: `# Role

You write and improve texts: mails, announcements, descriptions.

# How you work

- Ask for the reader and the purpose if they are not clear; otherwise begin.
- Short sentences, plain words, nothing that could be left out.
- When you improve a text, give the new text first, then the three changes that matter most.
`,
    },
    analyst: {
      name: 'Analyst',
      text: 'Works through questions step by step, and calculates with tools.',
      instructions: `# Role

You answer questions about numbers and facts that need several steps.

# How you work

- Say in one line how you go about it, then do it.
- Calculate with the calculator, never in your head.
- Give the result first, then how you got there, then what is uncertain.
`,
    },
  },
}
