/** A page's WebSocket as a `FramePort`. */
import { ContractError, type FramePort } from './define.ts'

/** Resolves when it is open; rejects with `UNREACHABLE` when it closes before that. */
export function openWebSocket(url: string): Promise<FramePort> {
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  const { promise, resolve, reject } = Promise.withResolvers<FramePort>()
  socket.addEventListener('open', () => resolve(framePort(socket)))
  socket.addEventListener('close', ({ code, reason }) =>
    reject(
      new ContractError({
        code: 'UNREACHABLE',
        message: `no connection to the application (${code}${reason === '' ? '' : `: ${reason}`})`,
      }),
    ),
  )
  return promise
}

function framePort(socket: WebSocket): FramePort {
  return {
    send: frame => socket.send(frame as Uint8Array<ArrayBuffer>),
    onFrame: listener =>
      socket.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) listener(new Uint8Array(data))
      }),
    onClose: listener => socket.addEventListener('close', () => listener(), { once: true }),
    close: () => socket.close(),
    get queuedBytes() {
      return socket.bufferedAmount
    },
  }
}
