import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket as PlainWebSocket } from 'ws'
import { integer, object } from '../../../src-main/contract/check.ts'
import { connect } from '../../../src-main/contract/connect.ts'
import { returns, type Contract } from '../../../src-main/contract/define.ts'
import { EventHub } from '../../../src-main/contract/event-hub.ts'
import { serve } from '../../../src-main/contract/serve.ts'
import { openWebSocket } from '../../../src-main/contract/web-socket-port.ts'
import { startWebServer, type WebServer } from '../../../src-main/web/web-server.ts'

const contract = {
  commands: {
    repeat: {
      input: object({ times: integer({ min: 1, max: 10_000_000 }) }),
      output: returns<{ readonly bytes: Uint8Array; readonly offset: bigint }>(),
    },
  },
  streams: { ticks: { input: object({}), item: returns<number>() } },
  events: { changed: returns<{ readonly topic: string }>() },
} as const satisfies Contract

let folder: string
let server: WebServer
let events: EventHub<typeof contract>
let served: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-web-'))
  mkdirSync(join(folder, 'pages', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'pages', 'index.html'), '<title>Odradek</title>')
  writeFileSync(join(folder, 'pages', 'assets', 'main-8a7b6c5d.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'outside')
  events = new EventHub()
  served = 0
  server = await startWebServer({
    folder: join(folder, 'pages'),
    port: 0,
    token: 'the-token',
    serveFrames(port) {
      served += 1
      return serve({
        contract,
        events,
        port,
        handlers: {
          commands: {
            repeat: async ({ times }) => ({
              bytes: new Uint8Array(times).fill(7),
              offset: 9_007_199_254_740_993n,
            }),
          },
          streams: {
            ticks: async (_input, sink) => {
              sink.emit(1)
              await new Promise(() => {})
            },
          },
        },
      })
    },
  })
})

afterEach(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

describe('web server', () => {
  test('serves the page with a policy that lets nothing else in', async () => {
    const response = await fetch(server.url)
    expect(await response.text()).toBe('<title>Odradek</title>')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  test('lets a browser keep files whose names carry a hash', async () => {
    const response = await fetch(new URL('/assets/main-8a7b6c5d.js', server.url))
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%00', '/assets'])(
    'serves nothing outside of its folder: %s',
    async path => {
      const answer = await raw({ path })
      expect(answer.status).toBe(404)
      expect(answer.body).not.toContain('outside')
    },
  )

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1'])(
    'refuses a request for the host %j',
    async host => {
      expect((await raw({ headers: { host } })).status).toBe(403)
    },
  )

  test('refuses the requests of other sites', async () => {
    const origin = { origin: 'http://evil.example' }
    expect((await raw({ headers: origin })).status).toBe(403)
    const fetched = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
    expect((await raw({ headers: fetched })).status).toBe(403)
  })

  test('carries the contract over a WebSocket: calls, streams, events, large bytes', async () => {
    const client = connect<typeof contract>({
      open: () => openWebSocket(`ws://127.0.0.1:${server.port}/contract?token=the-token`),
      wait: () => Promise.resolve(),
    })
    const answer = await client.call('repeat', { times: 5_000_000 })
    expect(answer.offset).toBe(9_007_199_254_740_993n)
    expect(answer.bytes.length).toBe(5_000_000)
    expect(answer.bytes.every(byte => byte === 7)).toBe(true)

    const item = new Promise(resolve => client.stream('ticks', {}, { onItem: resolve }))
    expect(await item).toBe(1)

    const heard = new Promise(resolve => client.on('changed', resolve))
    await client.call('repeat', { times: 1 })
    events.emit('changed', { topic: 'orders' })
    expect(await heard).toEqual({ topic: 'orders' })
    client.close()
  })

  test.each([
    ['without the token', '/contract', {}, 401],
    ['with another token', '/contract?token=guess', {}, 401],
    ['from another origin', '/contract?token=the-token', { origin: 'http://evil.example' }, 403],
    ['for another host', '/contract?token=the-token', { headers: { host: 'evil.example' } }, 403],
    ['at another path', '/?token=the-token', {}, 403],
  ])('opens no WebSocket %s', async (_case, path, options, status) => {
    const socket = new PlainWebSocket(`ws://127.0.0.1:${server.port}${path}`, options)
    const answer = await new Promise<number | undefined>(resolve => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.on('open', () => resolve(101))
    })
    socket.on('error', () => {})
    socket.terminate()
    expect(answer).toBe(status)
    expect(served).toBe(0)
  })

  test('ends a connection that sends text or too long a frame, and serves the others', async () => {
    const open = () => {
      const address = `ws://127.0.0.1:${server.port}/contract?token=the-token`
      const socket = new PlainWebSocket(address)
      return new Promise<PlainWebSocket>(resolve => socket.on('open', () => resolve(socket)))
    }
    const closed = (socket: PlainWebSocket) =>
      new Promise<number>(resolve => socket.on('close', resolve))
    const [text, long] = await Promise.all([open(), open()])
    const codes = Promise.all([closed(text), closed(long)])
    text.send('hello')
    long.send(new Uint8Array(9 * 1024 * 1024))
    expect(await codes).toEqual([1003, 1009])
    expect((await fetch(server.url)).status).toBe(200)
  })

  test('names the port that is taken', async () => {
    const { port } = server
    const second = startWebServer({ folder, port, serveFrames: () => {} })
    await expect(second).rejects.toThrow(`127.0.0.1:${port}: listen EADDRINUSE`)
  })
})

interface RawRequest {
  readonly path?: string
  readonly headers?: Record<string, string>
}

/** Without what `fetch` tidies up. */
function raw({ path = '/', headers = {} }: RawRequest): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, headers }, response => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}
