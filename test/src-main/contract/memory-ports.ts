import type { FramePort } from '../../../src-main/contract/define.ts'

export interface MemoryPort extends FramePort {
  /** Frames that were handed to `send` here. */
  readonly sent: readonly Uint8Array[]
  queuedBytes: number
}

/** Two ends of a connection in memory; frames arrive in a later microtask, as on any transport. */
export function memoryPorts(): [MemoryPort, MemoryPort] {
  const [a, b] = [new End(), new End()]
  a.other = b
  b.other = a
  return [a, b]
}

class End implements MemoryPort {
  other!: End
  readonly sent: Uint8Array[] = []
  queuedBytes = 0
  #closed = false
  readonly #frames: ((frame: Uint8Array) => void)[] = []
  readonly #closes: (() => void)[] = []

  send(frame: Uint8Array): void {
    this.sent.push(frame)
    queueMicrotask(() => this.other.#frames.forEach(listener => listener(frame)))
  }

  onFrame(listener: (frame: Uint8Array) => void): void {
    this.#frames.push(listener)
  }

  onClose(listener: () => void): void {
    this.#closes.push(listener)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#closes.forEach(listener => listener())
    this.other.close()
  }
}
