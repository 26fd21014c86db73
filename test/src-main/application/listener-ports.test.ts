import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OperationalError } from '../../../engine/support/operational-error.ts'
import { listenerPorts } from '../../../src-main/application/listener-ports.ts'

let server: Server
let taken: number

beforeEach(async () => {
  server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  taken = (server.address() as AddressInfo).port
})

afterEach(() => new Promise(resolve => server.close(resolve)))

test('a preferred port that is taken is replaced by one behind it', async () => {
  const [port = 0] = await listenerPorts({ count: 1, preferred: taken, named: null })
  expect(port).toBeGreaterThan(taken)
})

test('a named port that is taken is an error that names it', async () => {
  const attempt = listenerPorts({ count: 2, preferred: 9092, named: taken - 1 })
  await expect(attempt).rejects.toThrow(OperationalError)
  await expect(attempt).rejects.toThrow(/port \d+ is taken/)
})

test('0 leaves every port to the system', async () => {
  expect(await listenerPorts({ count: 3, preferred: 9092, named: 0 })).toEqual([0, 0, 0])
})

test('ports above the last are refused', async () => {
  const attempt = listenerPorts({ count: 3, preferred: 9092, named: 65_534 })
  await expect(attempt).rejects.toThrow('ports 65534 to 65536: there is none above 65535')
})
