import { fileURLToPath } from 'node:url'

/** The folder of this package's web app as it was built; seen from here, and from what is built of this. */
export const builtApp = fileURLToPath(new URL('../dist/app', import.meta.url))
