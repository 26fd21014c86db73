/** A WebSocket on the server's side as a `FramePort`. */
import type { WebSocket } from 'ws'
import type { FramePort } from '../contract/define.ts'

/**
 * A reader that takes nothing is cut off when this much waits for it. Streams skip long before
 * (`CONGESTED_BYTES`); only answers to calls can grow so far.
 */
const QUEUED_BYTES_MAX = 256 * 1024 * 1024

export function socketPort(socket: WebSocket): FramePort {
  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > QUEUED_BYTES_MAX) socket.terminate()
      else socket.send(frame)
    },
    onFrame(listener) {
      socket.on('message', (data, isBinary) => {
        if (isBinary && data instanceof Buffer) listener(data)
        else socket.close(1003, 'frames are binary')
      })
    },
    onClose: listener => void socket.once('close', () => listener()),
    close: () => socket.close(),
    get queuedBytes() {
      return socket.bufferedAmount
    },
  }
}
