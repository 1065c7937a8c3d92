/** `npm start`: the runtime, and beside it Studio, whose web app is built first where it is older than its source. */
import { join } from 'node:path'
import { newest } from './newest.ts'
import { startBoth } from './start-both.ts'

const studio = join(import.meta.dirname, '../studio')

process.exitCode = await startBoth(process.argv.slice(2), {
  build: newest(join(studio, 'dist/app')) < Math.max(newest(join(studio, 'app')), newest(join(studio, 'src/schemas'))),
})
