import { Problem } from '../http/problem.ts'
import type { RuntimePort } from './runtime-port.ts'

/** As where none is connected. */
export const noRuntimes: RuntimePort = {
  list: async () => [],
  async ask(runtime) {
    throw new Problem('runtime_unknown', `There is no runtime ${JSON.stringify(runtime)}.`)
  },
}
