// The service: opened, and then listened for.
export type { Address, Listening } from './listen.ts'
export type { Logger } from './logger.ts'
export type { StudioOptions } from './options.ts'
export { createStudio, type Studio } from './studio.ts'
export { StudioError } from './studio-error.ts'
export { backUpStudio } from './database/backup.ts'
// Its web app, for a host that only has files.
export { type StaticAppOptions, writeStaticApp } from './static-app/write.ts'
