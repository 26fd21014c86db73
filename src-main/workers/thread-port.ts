/**
 * The port between two threads as a `FramePort`. Frames are handed over, not copied: whoever sends
 * one has it no longer. What was sent and not taken yet is queued, which the other end reports as
 * a number.
 */
import type { Transferable } from 'node:worker_threads'
import type { FramePort } from '../contract/define.ts'

/** What a `Worker` has for its owner, and a `parentPort` for its worker. */
export interface ThreadEnd {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

export interface ThreadPort extends FramePort {
  /** Tells that the other thread has ended. */
  ended(): void
}

export function threadPort(end: ThreadEnd, onClose: () => void): ThreadPort {
  const frameListeners: ((frame: Uint8Array) => void)[] = []
  const closeListeners: (() => void)[] = []
  let queuedBytes = 0
  let closed = false

  end.on('message', message => {
    if (typeof message === 'number') queuedBytes -= message
    if (!(message instanceof Uint8Array)) return
    end.postMessage(message.length)
    for (const listener of frameListeners) listener(message)
  })
  const ended = () => {
    if (closed) return
    closed = true
    for (const listener of closeListeners) listener()
  }
  return {
    send(frame) {
      if (closed) return
      queuedBytes += frame.length
      const { buffer } = frame
      const whole = buffer instanceof ArrayBuffer && buffer.byteLength === frame.length
      end.postMessage(frame, whole ? [buffer] : [])
    },
    onFrame: listener => void frameListeners.push(listener),
    onClose: listener => void closeListeners.push(listener),
    close() {
      ended()
      onClose()
    },
    ended,
    get queuedBytes() {
      return queuedBytes
    },
  }
}
