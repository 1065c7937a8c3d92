/** For a test: renames an item in the database it is given, and kills itself right before write n of that. */
import { openDatabase } from '../database/open.ts'
import { renameUntil } from './rename-until.fixture.ts'

const [file = '', killAt = '0'] = process.argv.slice(2)
const { db } = await openDatabase(file)
await renameUntil(db, Number(killAt), () => process.kill(process.pid, 'SIGKILL'))
