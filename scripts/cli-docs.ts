import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reference } from '../cli/src/reference.ts'

/** Writes `docs/cli.md` from the command itself; a test says when it was forgotten. */
writeFileSync(join(import.meta.dirname, '../docs/cli.md'), reference())
