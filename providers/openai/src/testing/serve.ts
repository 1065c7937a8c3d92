/**
 * The fake model as a process of its own, so that a benchmark does not count its work: echoes, keeps no ledger, and
 * prints its base URL as the only line on stdout. The port is the first argument,
 * default a free one.
 */
import { fakeModel } from './fake-model.ts'

const model = await fakeModel({ port: Number(process.argv[2] ?? 0), ledger: 'count' })
console.log(model.url)
