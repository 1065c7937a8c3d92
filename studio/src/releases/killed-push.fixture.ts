/** For a test: publishes what is saved, or goes on with what waits, and kills itself at a point of the push. */
import { openDesk, ann } from './desk.fixture.ts'

const [file = '', killAt = ''] = process.argv.slice(2)
const desk = await openDesk(file, {
  hook(point) {
    if (point === killAt) process.kill(process.pid, 'SIGKILL')
  },
})
await desk.releases.publish({ items: 'all', summary: 'by one who dies' }, ann)
// Whoever does not die at that point is waited for in vain.
setTimeout(() => process.exit(7), 10_000)
