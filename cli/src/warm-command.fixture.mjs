/**
 * Runs the command, as it is published, once for each request on descriptor 3, one after the other, in one process: loading
 * it anew is nearly all that most commands cost. Nothing but the modules is left of one when the next begins. Answers, a line of
 * JSON each, go to descriptor 4; one that ends the process is answered as the last.
 */
import { createReadStream, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

const [main] = process.argv.slice(2)
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** What the command that runs now has written. */
let written
let asked = 0

process.on('exit', (code) => {
  if (written !== undefined) answer(code, true)
})

for await (const line of createInterface({ input: createReadStream('', { fd: 3 }) })) {
  await run(JSON.parse(line))
}

async function run({ args, cwd, env, input }) {
  written = { stdout: [], stderr: [] }
  process.chdir(cwd)
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  process.argv = [process.execPath, main, ...args]
  process.exitCode = undefined
  give('stdin', Readable.from(input === '' ? [] : [Buffer.from(input)]))
  give('stdout', into(written.stdout))
  give('stderr', into(written.stderr))
  try {
    // Only its first file runs again; what it imports is there.
    await import(`${pathToFileURL(main)}?${++asked}`)
  } catch (error) {
    written.stderr.push(Buffer.from(String(error?.stack ?? error)))
    process.exitCode = 1
  }
  for (const signal of signals) process.removeAllListeners(signal)
  answer(process.exitCode ?? 0, false)
}

function give(name, stream) {
  Object.defineProperty(process, name, { value: stream, configurable: true, writable: true })
}

function into(chunks) {
  return new Writable({
    decodeStrings: true,
    write(chunk, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
}

function answer(status, ends) {
  const [stdout, stderr] = [written.stdout, written.stderr].map((chunks) => Buffer.concat(chunks).toString())
  written = undefined
  const bytes = Buffer.from(`${JSON.stringify({ status: Number(status), stdout, stderr, ends })}\n`)
  for (let at = 0; at < bytes.length; ) at += writeSync(4, bytes, at)
}
