import {
  connect,
  createServer,
  type AddressInfo,
  type Server,
  type Socket as NodeSocket,
} from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { isItsOwnPeer, nodeNetwork } from '../../../engine/runtime/node-network.ts'

const toClose: (() => unknown)[] = []
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

describe('connecting', () => {
  test('to a port that nobody listens on is refused', async () => {
    const port = await deadPort()
    const attempt = nodeNetwork.connect({ host: '127.0.0.1', port }, { timeoutMs: 2_000 })
    await expect(attempt).rejects.toThrow(`127.0.0.1:${port}: connect ECONNREFUSED`)
  })

  test('that nobody waits for any more ends at once, before it is through or begun', async () => {
    const server = await listening()
    const { port } = server.address() as AddressInfo
    const given = new AbortController()
    const options = { timeoutMs: 60_000, signal: given.signal }
    const before = nodeNetwork.connect({ host: '127.0.0.1', port }, options)
    given.abort()
    await expect(before).rejects.toThrow('nobody waits')
    const after = nodeNetwork.connect({ host: '127.0.0.1', port }, options)
    await expect(after).rejects.toThrow('nobody waits')
  })

  // The others refuse to connect a socket to itself.
  test.runIf(process.platform === 'linux')('a socket to itself is told from others', async () => {
    const port = await deadPort()
    const own = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.1', localPort: port })
    toClose.push(() => own.destroy())
    await new Promise((resolve, reject) => own.once('connect', resolve).once('error', reject))
    expect(isItsOwnPeer(own)).toBe(true)

    const server = await listening()
    const { port: living } = server.address() as AddressInfo
    const other = connect({ host: '127.0.0.1', port: living })
    toClose.push(() => other.destroy())
    await new Promise(resolve => other.once('connect', resolve))
    expect(isItsOwnPeer(other)).toBe(false)
  })
})

describe('writing', () => {
  test('pieces of one turn arrive in their order, and each tells its writer', async () => {
    const { socket, received } = await connected()
    const told: number[] = []
    const write = (text: string, n: number) => socket.write(Buffer.from(text), () => told.push(n))
    write('one ', 1)
    expect(socket.queuedBytes).toBe(4)
    write('two ', 2)
    write('three ', 3)
    await vi.waitFor(() => expect(received()).toBe('one two three '))
    write('alone', 4)
    await vi.waitFor(() => expect(received()).toBe('one two three alone'))
    expect(told).toEqual([1, 2, 3, 4])
    expect(socket.queuedBytes).toBe(0)
  })

  test('an end in the same turn comes after the piece', async () => {
    const { socket, received, ended } = await connected()
    socket.write(Buffer.from('last'))
    socket.end()
    await ended
    expect(received()).toBe('last')
  })

  test('a piece that a close made vain tells its writer before the close is told', async () => {
    const { socket, received, ended } = await connected()
    const told: string[] = []
    socket.start({ onBytes: () => {}, onClose: () => told.push('closed') })
    socket.write(Buffer.from('vain'), () => told.push('written'))
    socket.destroy()
    await ended
    await vi.waitFor(() => expect(told).toEqual(['written', 'closed']))
    expect(received()).toBe('')
  })
})

/** A socket of ours, and what its other end gets. */
async function connected() {
  const pieces: Buffer[] = []
  const over = Promise.withResolvers<void>()
  const server = await listening(other => {
    other.on('data', piece => pieces.push(piece))
    other.on('close', () => over.resolve())
  })
  const { port } = server.address() as AddressInfo
  const socket = await nodeNetwork.connect({ host: '127.0.0.1', port }, { timeoutMs: 2_000 })
  toClose.push(() => socket.destroy())
  return { socket, received: () => Buffer.concat(pieces).toString(), ended: over.promise }
}

async function listening(onSocket?: (socket: NodeSocket) => void): Promise<Server> {
  const server = createServer(onSocket)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  toClose.push(() => new Promise(resolve => server.close(resolve)))
  return server
}

async function deadPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
