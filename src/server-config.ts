/** How the service listens and what it takes on, as `asyncv start` reads it and `createServer` of `@asyncv/server` takes it. */
export interface ServerConfig {
  /** Default 127.0.0.1. */
  host?: string
  /** Default 7400. */
  port?: number
  /** Where those who manage the runtime are listened to, on loopback. Default 7401. */
  managementPort?: number
  /**
   * Names besides loopback ones that a Host header may have, such as `assistant.internal`, with any port. Without keys,
   * whoever comes by one of them may do everything, so make keys, or let something in front authenticate them.
   */
  allowedHosts?: readonly string[]
  /** Web origins besides the service's own whose pages may call it, such as `https://app.example`. */
  allowedOrigins?: readonly string[]
  /** Largest request body. Bytes, default 1 MiB. */
  maxBodyBytes?: number
  /**
   * Where callers reach the service when something stands in front of it, such as `https://assistant.example`, with the path
   * if there is one. Default: where each request says that it went.
   */
  publicUrl?: string
  /** What the paths of all routes begin with, such as `/assistant`. Default: nothing. */
  basePath?: string
  /**
   * Addresses and subnets of the proxies in front, such as `127.0.0.1` or `10.0.0.0/8`: what these say in `X-Forwarded-For`,
   * `-Host` and `-Proto` counts. Default: none, and then whoever comes through a proxy needs a key.
   */
  trustProxy?: readonly string[]
  /**
   * How long a service that is told to stop still takes requests while `/readyz` says that it is not ready, so that what
   * stands in front sends no more; the same before a drain refuses any. Not when it is stopped with Ctrl-C. ms; of
   * `asyncv start` 1,000, else 0 for a drain, and a stop is the program's own.
   */
  notReadyMs?: number
  limits?: ServerLimits
}

/** What one service takes on at most. Whatever is over is refused before anything is accepted. */
export interface ServerLimits {
  /** Of one key, or of everybody without one; 0 for no limit. Default 0. */
  requestsPerMinute?: number
  /** Event streams open at once. Default 2,000. */
  streams?: number
  /** Connections open at once; more are closed as they come. Default 10,000. */
  connections?: number
  /** How often a quiet stream gets a comment. ms, at least 100, default 15,000. */
  pingMs?: number
  /** A client that takes nothing of its answer for so long is cut. ms, at least 100, default 25,000. */
  stuckMs?: number
}
