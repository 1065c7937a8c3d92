// Preloaded (`node --import`), it makes better-sqlite3 a package that is not installed, so that node:sqlite is used also
// where this Node could load the other. Needs Node 22.15.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    if (!found.url.includes('/node_modules/better-sqlite3/')) return found
    throw Object.assign(new Error('this run is without better-sqlite3'), { code: 'ERR_MODULE_NOT_FOUND' })
  },
})
