// The service: mounted in an app by its `fetch`, or listening by itself.
export { isLoopback } from './loopback.ts'
export { LogBook, type LogBookOptions } from './logs/log-book.ts'
export { readLogFile } from './logs/log-file.ts'
export { filterOf, type LogFilter, type LogLevel, type LogLine, type LogQuery } from './logs/log-line.ts'
export type { ServerOptions } from './options.ts'
export type { RouteInfo } from './route-list.ts'
export { createServer, type Listening, type Server } from './server.ts'

// For MCP hosts that start a process of their own.
export type { McpCaller } from './mcp/parts.ts'
export { localCaller, type McpStdioOptions, serveMcpStdio } from './mcp/stdio.ts'
export type { ProblemDocument } from './problem.ts'
