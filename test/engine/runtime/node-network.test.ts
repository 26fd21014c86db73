import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
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

async function listening(): Promise<Server> {
  const server = createServer()
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
