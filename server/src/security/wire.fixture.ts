/** Requests as bytes, since clients in good order cannot say what an attacker says. */
import { connect } from 'node:net'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
}

export interface RawAnswers {
  answers: Answer[]
  /** Whether the service closed the connection within the time. */
  closed: boolean
}

/** Sends bytes, waits until nothing comes for `quietMs` or the connection is closed, and reads what came as answers. */
export function exchange(port: number, bytes: string | Buffer, quietMs = 400): Promise<RawAnswers> {
  return new Promise((resolve) => {
    let text = ''
    let quiet: NodeJS.Timeout
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    const end = (closed: boolean): void => {
      clearTimeout(quiet)
      socket.destroy()
      resolve({ answers: answersIn(text), closed })
    }
    const wait = (): void => {
      clearTimeout(quiet)
      quiet = setTimeout(() => end(false), quietMs)
    }
    wait()
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      wait()
    })
    // One that is cut may be reset; what it said before counts.
    socket.on('error', () => end(true))
    socket.on('close', () => end(true))
  })
}

function answersIn(text: string): Answer[] {
  const answers: Answer[] = []
  let rest = text
  for (;;) {
    const head = /^HTTP\/1\.1 (\d{3})[^\r\n]*\r\n([\s\S]*?)\r\n\r\n/.exec(rest)
    if (head === null) return answers
    const headers = Object.fromEntries(
      (head[2] ?? '').split('\r\n').map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
      }),
    )
    const length = Number(headers['content-length'] ?? 0)
    const begin = head[0].length
    answers.push({ status: Number(head[1]), headers, body: rest.slice(begin, begin + length) })
    rest = rest.slice(begin + length)
  }
}
