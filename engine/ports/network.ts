/**
 * TCP as the engine knows it: bytes in order, or a close. Link faults are applied behind this
 * port, so everything between nodes and between clients and nodes goes through it.
 */
export interface Network {
  /** Rejects with an `OperationalError` that names the address when it is taken. Port 0 picks one. */
  listen(address: Address, onSocket: (socket: Socket) => void): Promise<Listener>
  /**
   * Rejects with an `OperationalError` when nobody answers within `timeoutMs`, and at once, leaving
   * nothing behind, when `signal` is aborted first.
   */
  connect(address: Address, options: ConnectingOptions): Promise<Socket>
}

export interface ConnectingOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface Address {
  readonly host: string
  readonly port: number
}

export interface Listener {
  readonly address: Address
  /** Stops accepting and destroys the sockets it accepted. */
  close(): Promise<void>
}

export interface SocketHandler {
  /** `bytes` is valid during the call only: the buffer behind it is reused. */
  onBytes(bytes: Uint8Array): void
  /**
   * Where the next bytes shall be read to, or null for the network's own buffer. A receiver that
   * is in the middle of a long frame saves a copy with it.
   */
  target?(): Uint8Array | null
  /** Called once, whoever closed. */
  onClose(): void
}

export interface Socket {
  readonly remote: Address
  readonly local: Address
  /** Bytes handed to `write` that the system has not taken yet. */
  readonly queuedBytes: number
  /** Destroyed, here or by the other side: nothing that is written any more leaves. */
  readonly closed: boolean
  /** Begins delivery. Called once. */
  start(handler: SocketHandler): void
  /** Writes of one turn leave together. The bytes belong to the socket until `onWritten`. */
  write(bytes: Uint8Array, onWritten?: () => void): void
  /** Stops and resumes delivery of bytes. */
  pause(): void
  resume(): void
  /** Flushes what was written, then closes. */
  end(): void
  /** Closes at once. */
  destroy(): void
}
