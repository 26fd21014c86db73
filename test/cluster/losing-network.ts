/** A network that loses, once and on demand, the answer to a Produce request and its connection. */
import type { Network, Socket } from '../../engine/ports/network.ts'

const API_KEY_AT = 4
const PRODUCE = 0

export interface LosingNetwork extends Network {
  readonly lostCount: number
  loseNextProduceAnswer(): void
}

export function losingNetwork(network: Network): LosingNetwork {
  let armed = false
  let lostCount = 0
  const wrap = (socket: Socket): Socket => {
    let asked = false
    return {
      ...forwarded(socket),
      start(handler) {
        socket.start({
          ...handler,
          target: () => handler.target?.() ?? null,
          onBytes(bytes) {
            if (!asked) return handler.onBytes(bytes)
            asked = false
            lostCount += 1
            socket.destroy()
          },
          onClose: () => handler.onClose(),
        })
      },
      write(bytes, onWritten) {
        const view = new DataView(bytes.buffer, bytes.byteOffset)
        if (armed && view.getInt16(API_KEY_AT) === PRODUCE) {
          armed = false
          asked = true
        }
        socket.write(bytes, onWritten)
      },
    }
  }
  return {
    listen: (address, onSocket) => network.listen(address, onSocket),
    connect: async (address, options) => wrap(await network.connect(address, options)),
    get lostCount() {
      return lostCount
    },
    loseNextProduceAnswer() {
      armed = true
    },
  }
}

function forwarded(socket: Socket): Omit<Socket, 'start' | 'write'> {
  return {
    remote: socket.remote,
    local: socket.local,
    get queuedBytes() {
      return socket.queuedBytes
    },
    get closed() {
      return socket.closed
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: () => socket.end(),
    destroy: () => socket.destroy(),
  }
}
