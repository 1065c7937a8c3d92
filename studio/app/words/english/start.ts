/** The first steps of a new Studio. */
export const startWords = {
  title: 'First steps',
  text: 'Six steps to an agent that answers people in a chat. What you have done is kept; go on whenever you like.',
  allDone: 'All done. Write to your bot, and watch the conversation here.',
  watch: 'Watch conversations',
  done: 'Done',
  steps: {
    runtime: {
      title: 'Connect a runtime',
      text: 'It runs your agents. Studio tells it what to run, and shows what it does.',
      action: 'Connect runtime',
    },
    provider: {
      title: 'Add a model service',
      text: 'What agents think with: OpenAI, or a local service that speaks its protocol.',
      action: 'Add model service',
    },
    agent: {
      title: 'Create an agent',
      text: 'Who answers. Begin with a template, and say in your words what it does.',
      action: 'New agent',
    },
    connector: {
      title: 'Add a connector',
      text: 'Where people write. For a Telegram bot you need the token that @BotFather gives you.',
      action: 'New connector',
    },
    route: {
      title: 'Lead the connector to the agent',
      text: 'A route says who answers what comes in.',
      action: 'New route',
    },
    release: {
      title: 'Publish',
      text: 'Until then nothing changes on the runtime. With the first release your agent begins to answer.',
      action: 'Review and publish',
    },
  },
}
