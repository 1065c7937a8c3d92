/** For tests of programs that use asyncv, and of connectors, providers and storages made for it. */
export { crashPoints } from '../hooked.ts'
