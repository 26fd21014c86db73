/** One request over a raw socket of its own, and what comes back. */
import { connect } from 'node:net'
import { requestHeaderVersion, responseHeaderVersion } from '../../../engine/protocol/api-keys.ts'
import { requestHeader } from '../../../engine/protocol/messages/request-header.ts'
import { responseHeader } from '../../../engine/protocol/messages/response-header.ts'
import { Reader } from '../../../engine/protocol/reader.ts'
import type { Message } from '../../../engine/protocol/schema.ts'

export type Reply =
  | { type: 'answer'; frame: Buffer }
  | { type: 'closed' }
  | { type: 'silent'; afterMs: number }

const CORRELATION_ID = 7
/** Long enough for a busy machine; only requests without an answer wait for it. */
const SILENCE_MS = 4_000

/** Length, header and body of a request. */
export function frameOf(request: Message<any>, version: number, body: Uint8Array): Buffer {
  const header = requestHeader.encode(
    {
      requestApiKey: request.apiKey!,
      requestApiVersion: version,
      correlationId: CORRELATION_ID,
      clientId: 'differential',
    },
    requestHeaderVersion(request, version),
  )
  const length = Buffer.alloc(4)
  length.writeInt32BE(header.length + body.length)
  return Buffer.concat([length, header, body])
}

export async function exchange(address: string, frame: Buffer): Promise<Reply> {
  const [host, port] = address.split(':') as [string, string]
  return await new Promise(resolve => {
    const socket = connect(Number(port), host)
    let received = Buffer.alloc(0)
    const finish = (reply: Reply) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(reply)
    }
    const timer = setTimeout(() => finish({ type: 'silent', afterMs: SILENCE_MS }), SILENCE_MS)
    socket.once('connect', () => socket.write(frame))
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk])
      if (received.length < 4) return
      const end = 4 + received.readInt32BE(0)
      if (received.length >= end) finish({ type: 'answer', frame: received.subarray(4, end) })
    })
    socket.once('error', () => finish({ type: 'closed' }))
    socket.once('close', () => finish({ type: 'closed' }))
  })
}

/** The body of an answer, read strictly: not a byte may be left. */
export function answerOf(response: Message<any>, version: number, frame: Buffer): unknown {
  const reader = new Reader(frame)
  const header = responseHeader.read(reader, responseHeaderVersion(response, version))
  if (header.correlationId !== CORRELATION_ID)
    throw new Error(`the answer has correlation id ${header.correlationId}`)
  return response.decode(frame.subarray(frame.length - reader.remaining), version)
}
