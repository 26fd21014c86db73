/**
 * A MessagePort as a `FramePort`, for the page (DOM) and for Electron's main process alike.
 *
 * A DOM port cannot be asked for unsent bytes, so the receiver acknowledges what it has taken:
 * what is sent and not acknowledged is queued. A frame travels as bytes, an acknowledgement as a
 * number.
 */
import type { FramePort } from './define.ts'

/** What a DOM `MessagePort` has. */
interface DomPort {
  postMessage(message: unknown): void
  start(): void
  close(): void
  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void
}

/** What Electron's `MessagePortMain` has. */
interface ElectronPort {
  postMessage(message: unknown): void
  start(): void
  close(): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
}

export function framePortOf(port: DomPort | ElectronPort): FramePort {
  const frameListeners: ((frame: Uint8Array) => void)[] = []
  const closeListeners: (() => void)[] = []
  let queuedBytes = 0
  let closed = false

  const onMessage = ({ data }: { readonly data: unknown }) => {
    if (typeof data === 'number') {
      queuedBytes -= data
      return
    }
    if (!(data instanceof Uint8Array)) return
    port.postMessage(data.length)
    for (const listener of frameListeners) listener(data)
  }
  const onClose = () => {
    if (closed) return
    closed = true
    for (const listener of closeListeners) listener()
  }

  if ('on' in port) {
    port.on('message', onMessage)
    port.on('close', onClose)
  } else {
    port.addEventListener('message', onMessage)
    port.addEventListener('close', onClose)
  }

  return {
    send(frame) {
      if (closed) return
      queuedBytes += frame.length
      port.postMessage(frame)
    },
    onFrame(listener) {
      frameListeners.push(listener)
      // Messages wait in the port until it is started.
      port.start()
    },
    onClose: listener => void closeListeners.push(listener),
    close() {
      port.close()
      onClose()
    },
    get queuedBytes() {
      return queuedBytes
    },
  }
}
