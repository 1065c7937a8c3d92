// The service: mounted in an app by its `fetch`, or listening by itself.
export { isLoopback } from './loopback.ts'
export { createServer, type Listening, type Server, type ServerOptions } from './server.ts'
