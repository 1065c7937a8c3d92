import type { Connector } from '../../connector.ts'
import type { Disk } from './disk.ts'

/** A platform with people on it, and a way to connect to it. */
export interface StagedConnector {
  /** Called again for each restart, when the one before was stopped and closed. */
  connect(): Connector
  /** Two conversations in which the connector answers. */
  conversations: readonly [string, string]
  /** A person says something; returns when the platform has it. */
  say(conversation: string, text: string): void | Promise<void>
  /** What the platform was told has been taken in, by its text. */
  acknowledged(): readonly string[]
  /** What the connector's messages in a conversation show now, oldest first. */
  shown(conversation: string): readonly string[]
  /** Somebody deletes the last of them. */
  deleteLast(conversation: string): void
  /** The next send goes wrong in this way. */
  fail(how: SendTrouble): void
  /** The platform accepts the credentials no longer. */
  deny(): void
  /** Called after the case; connectors are closed by then. */
  close(): Promise<void>
}

export type SendTrouble =
  /** The platform wants us to wait. */
  | 'limited'
  /** It will never take this message. */
  | 'refused'
  /** The connection breaks before, or after, the message was posted. */
  | 'cut-before'
  | 'cut-after'
  /** The platform breaks down on it. */
  | 'broken'
  /** It takes longer than anybody waits. */
  | 'slow'

/** What a case may need of a connector or its platform. */
export type Need = SendTrouble | 'acknowledgement' | 'commands' | 'credentials' | 'deletion' | 'edits' | 'typing'

export interface ConnectorCase {
  needs?: readonly Need[]
  run(scene: Scene): Promise<void>
}

/** What a case plays with: the platform, and a runtime that keeps what it takes in. */
export interface Scene extends Omit<StagedConnector, 'connect' | 'close'> {
  disk: Disk
  /** Connects and starts, with what is on the disk. */
  start(): Promise<Running>
  /** Connects, and leaves the rest to the case. */
  connect(): Connector
}

export interface Running {
  connector: Connector
  account: string
  /** As a runtime stops: the signal, `stop()`, then `close()`. */
  stop(): Promise<void>
}
