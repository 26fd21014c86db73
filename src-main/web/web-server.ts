/**
 * The browser mode: the built pages over HTTP, and the contract's frames over a WebSocket, on the
 * loopback interface alone.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { OperationalError } from '../../engine/support/operational-error.ts'
import type { FramePort } from '../contract/define.ts'
import { respond, servePageFile } from './page-files.ts'
import { socketPort } from './socket-port.ts'
import { refuseForeign, refuseWithoutToken, type Refusal } from './web-access.ts'

/** What a page may send at once; what it gets may be longer. */
const FRAME_BYTES_MAX = 8 * 1024 * 1024
const PING_INTERVAL_MS = 20_000
export const SOCKET_PATH = '/contract'
export const EXPORT_PATH = '/export/'

export interface WebServerOptions {
  /** Of the built pages. */
  readonly folder: string
  /** 0 picks one. */
  readonly port: number
  /** Null makes one. */
  readonly token?: string | null
  readonly serveFrames: (port: FramePort) => unknown
  /** Answers with an export; false where no such one waits for it. */
  readonly download?: (exportId: string, response: ServerResponse) => boolean
}

export interface WebServer {
  readonly port: number
  /** What the user opens, token included. */
  readonly url: string
  /** Ends every connection. */
  close(): Promise<void>
}

/** Rejects with an `OperationalError` that names the port when it is taken. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const token = options.token ?? randomBytes(24).toString('base64url')
  const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX })
  const portOf = () => (server.address() as AddressInfo).port
  const server = createServer((request, response) => {
    const refusal = refuseForeign(request.headers, portOf())
    if (refusal !== null) respond(response, refusal.status, refusal.reason)
    else if (request.url?.startsWith(EXPORT_PATH) === true)
      serveExport(options, token, request, response)
    else void servePageFile(options.folder, request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    const refusal = refuseUpgrade(request, portOf(), token)
    if (refusal !== null) return refuse(socket, refusal)
    sockets.handleUpgrade(request, socket, head, opened => {
      // Its close event follows: an error alone, such as a frame that is too long, says no more.
      opened.on('error', () => opened.terminate())
      options.serveFrames(socketPort(opened))
    })
  })
  await listen(server, options.port)
  const pings = setInterval(() => {
    for (const socket of sockets.clients) socket.ping()
  }, PING_INTERVAL_MS)
  pings.unref()
  const port = portOf()
  return {
    port,
    url: `http://127.0.0.1:${port}/?token=${token}`,
    async close() {
      clearInterval(pings)
      for (const socket of sockets.clients) socket.terminate()
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** The token is asked for here too: records are nobody's who only knows the port. */
function serveExport(
  { download }: WebServerOptions,
  token: string,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const refusal = refuseWithoutToken(searchParams.get('token'), token)
  if (refusal !== null) respond(response, refusal.status, refusal.reason)
  else if (method !== 'GET') respond(response, 405, 'an export is fetched with GET')
  else if (download?.(pathname.slice(EXPORT_PATH.length), response) !== true)
    respond(response, 404, 'no such export waits for a browser; it may have been fetched already')
}

function refuseUpgrade(request: IncomingMessage, port: number, token: string): Refusal | null {
  const foreign = refuseForeign(request.headers, port)
  if (foreign !== null) return foreign
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname !== SOCKET_PATH) return { status: 403, reason: `no socket is at ${pathname}` }
  return refuseWithoutToken(searchParams.get('token'), token)
}

function refuse(socket: Duplex, { status, reason }: Refusal): void {
  const phrase = status === 401 ? 'Unauthorized' : 'Forbidden'
  const body = `${reason}\n`
  socket.on('error', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error =>
      reject(new OperationalError(`127.0.0.1:${port}: ${error.message}`, { cause: error })),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
}
