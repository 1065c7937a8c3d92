/** For a test: restores, and kills itself when a step is done. */
import { type RestoreStep, restore } from './restore.ts'

const [backup = '', database = '', killAt = ''] = process.argv.slice(2)
await restore(backup, database, {
  by: { id: 'command', name: null },
  hook(step: RestoreStep) {
    if (step === killAt) process.kill(process.pid, 'SIGKILL')
  },
})
