/** What happens at a crash point, for people: the deed that its name is about, and when. */
export function meaningOf(point: string): string {
  const [deed = point, moment = ''] = point.split(':')
  return [moments[moment], deeds[deed]].filter((text) => text !== undefined).join(' ')
}

const moments: Record<string, string> = {
  before: 'before',
  after: 'after',
  first: 'after the first piece of',
}

const deeds: Record<string, string> = {
  'storage.recover': 'what the last process left is taken up',
  'storage.accept': 'a message is written, with its task',
  'storage.carryOut': 'a command such as /new or /stop is carried out',
  'storage.keepState': 'a connector’s offset is moved without a message',
  'storage.claim': 'a task that was held back is claimed',
  'storage.journal': 'steps of a task are written',
  'storage.absorb': 'waiting messages are taken up by the running task',
  'storage.finish': 'the turn, the end of the task and its deliveries are written',
  'storage.handBack': 'a task that a stop cuts short is queued again',
  'storage.cancel': 'a task is cancelled',
  'storage.retry': 'a task that failed is queued again',
  'storage.post': 'a delivery without a task is written',
  'storage.place': 'the place of a placeholder is noted',
  'storage.take': 'a delivery is marked as being sent',
  'storage.settle': 'the outcome of a send is noted',
  'storage.applyRelease': 'a release becomes the one that a restart begins with',
  'flush.begin': 'a shared commit begins',
  'flush.before-commit': 'all riders of a shared commit are written, before it reaches the disk',
  'flush.after-commit': 'a shared commit is on disk, before anybody is told',
  'provider.stream': 'the model’s answer',
  'connector.post': 'a message is sent to the platform',
  'connector.edit': 'a message is edited on the platform',
  'connector.typing': 'the platform is told that an answer is being written',
  'connector.accept': 'a message of the platform is taken in (it is acknowledged after that)',
  'release.received': 'a release has come in, and nothing was looked at yet',
  'release.connected': 'the connectors of a release have started, and nothing of it is written',
  'release.swapped': 'a release is written and in force, and what it brought is taken in',
  'release.acknowledge': 'a release is in force, and its publisher is not told yet',
  'tool.run': 'a tool runs',
  'tool.reconcile': 'a tool is asked whether a cut call took effect',
}
