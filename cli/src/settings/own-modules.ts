import * as asyncv from 'asyncv'

/**
 * What configurations and plugins get when they import it: the very module that runs them. A copy of their own would have
 * errors that this one does not know as such.
 */
export const ownModules = { asyncv }
