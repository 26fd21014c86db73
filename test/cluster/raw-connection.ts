/** A TCP connection on which a test sends any bytes it likes. */
import { createConnection, type Socket } from 'node:net'
import { requestHeaderVersion } from '../../engine/protocol/api-keys.ts'
import { requestHeader } from '../../engine/protocol/messages/request-header.ts'
import type { Fields, InputOf, Message } from '../../engine/protocol/schema.ts'
import { Writer } from '../../engine/protocol/writer.ts'
import type { Address } from '../../engine/ports/network.ts'

export type Outcome = 'answered' | 'closed' | 'silent'

export class RawConnection {
  readonly socket: Socket
  closed = false
  #received: Buffer[] = []
  #receivedBytes = 0
  #wake: () => void = () => {}

  static open(address: Address): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(address)
      const connection = new RawConnection(socket)
      socket.once('connect', () => resolve(connection))
      socket.once('error', reject)
    })
  }

  private constructor(socket: Socket) {
    this.socket = socket
    // A reset is one of the ways in which a broker closes; the close says it.
    socket.on('error', () => {})
    socket.on('data', bytes => {
      this.#received.push(bytes)
      this.#receivedBytes += bytes.length
      this.#wake()
    })
    socket.on('close', () => {
      this.closed = true
      this.#wake()
    })
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes)
  }

  /** What comes first: an answer, the end of the connection, or the end of patience. */
  async outcome(patienceMs: number): Promise<Outcome> {
    await this.#until(() => this.#receivedBytes > 0, patienceMs)
    if (this.#receivedBytes > 0) return 'answered'
    return this.closed ? 'closed' : 'silent'
  }

  /** The next whole answer without its length, or null where the connection ends before it. */
  async answer(patienceMs = 5_000): Promise<Buffer | null> {
    const whole = () => this.#receivedBytes >= 4 && this.#receivedBytes >= 4 + this.#length()
    await this.#until(whole, patienceMs)
    if (!whole()) return null
    const all = Buffer.concat(this.#received)
    const length = all.readInt32BE(0)
    this.#received = [all.subarray(4 + length)]
    this.#receivedBytes -= 4 + length
    return all.subarray(4, 4 + length)
  }

  close(): void {
    this.socket.destroy()
  }

  #length(): number {
    if (this.#received.length > 1) this.#received = [Buffer.concat(this.#received)]
    return this.#received[0]!.readInt32BE(0)
  }

  #until(done: () => boolean, patienceMs: number): Promise<void> {
    if (done() || this.closed) return Promise.resolve()
    return new Promise(resolve => {
      const timer = setTimeout(resolve, patienceMs)
      this.#wake = () => {
        if (!done() && !this.closed) return
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** A whole request as a client would send it, length included. */
export function requestBytes<Q extends Fields>(
  request: Message<Q>,
  value: InputOf<Q>,
  options: { readonly version: number; readonly correlationId?: number },
): Buffer {
  const { version, correlationId = 1 } = options
  const writer = new Writer()
  writer.int32(0)
  const header = {
    requestApiKey: request.apiKey!,
    requestApiVersion: version,
    correlationId,
    clientId: 'robustness',
  }
  requestHeader.write(writer, header, requestHeaderVersion(request, version))
  request.write(writer, value, version)
  writer.int32At(writer.position - 4, 0)
  return Buffer.from(writer.finish())
}

/** The same bytes under another length. */
export function withLength(bytes: Uint8Array, length: number): Buffer {
  const lying = Buffer.from(bytes)
  lying.writeInt32BE(length, 0)
  return lying
}
