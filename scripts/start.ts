/** `npm start`: the runtime, and beside it Studio, whose web app is built first where it is older than its source. */
import { startBoth } from './start-both.ts'
import { isWebAppOld } from './web-app.ts'

process.exitCode = await startBoth(process.argv.slice(2), { build: isWebAppOld() })
