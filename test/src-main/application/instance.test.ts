import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { OperationalError } from '../../../engine/support/operational-error.ts'
import {
  claimInstance,
  findInstance,
  type Instance,
} from '../../../src-main/application/instance.ts'

let folder: string
let listener: Server | null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'instance-'))
  listener = null
})

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  const open = listener
  if (open !== null) await new Promise(closed => open.close(closed))
})

describe('the instance file', () => {
  test('is claimed by one application, and tells the second who holds it', async () => {
    const first = starting()
    const claimed = await claimInstance(folder, first)
    expect(claimed.type).toBe('claimed')

    expect(await claimInstance(folder, starting())).toEqual({ type: 'held', by: first })
  })

  test('of an application that answers on its port is found', async () => {
    const claimed = await claimInstance(folder, starting())
    if (claimed.type !== 'claimed') throw new Error('nobody else claims the folder')
    const running = { ...starting(), state: 'running' as const, bootstrap: await listening() }
    claimed.claim.publish(running)

    expect(await findInstance(folder)).toEqual(running)
  })

  test('of an application whose brokers are all down is found by its control address', async () => {
    const claimed = await claimInstance(folder, starting())
    if (claimed.type !== 'claimed') throw new Error('nobody else claims the folder')
    const control = { url: `http://${await listening()}`, token: 'secret' }
    const running = { ...starting(), state: 'running' as const, bootstrap: '127.0.0.1:1', control }
    claimed.claim.publish(running)

    expect(await findInstance(folder)).toEqual(running)
  })

  test('of an application whose ports are silent is replaced', async () => {
    const gone: Instance = { ...starting(), state: 'running', bootstrap: '127.0.0.1:1' }
    writeFileSync(join(folder, 'instance.json'), JSON.stringify(gone))

    expect(await findInstance(folder)).toBeNull()
    expect((await claimInstance(folder, starting())).type).toBe('claimed')
  })

  test('of a process that is gone is replaced, however it left the file', async () => {
    const file = join(folder, 'instance.json')
    const dead = { ...starting(), pid: 2_000_000_000 }
    for (const content of [JSON.stringify(dead), '', '{"pid":', 'null', '[]']) {
      writeFileSync(file, content)
      expect(await findInstance(folder)).toBeNull()
      const claimed = await claimInstance(folder, starting())
      expect(claimed.type).toBe('claimed')
      if (claimed.type === 'claimed') claimed.claim.release()
    }
  })

  test('is gone after the release', async () => {
    const claimed = await claimInstance(folder, starting())
    if (claimed.type === 'claimed') claimed.claim.release()
    expect(existsSync(join(folder, 'instance.json'))).toBe(false)
  })

  test('is not released by an application that no longer holds it', async () => {
    const claimed = await claimInstance(folder, starting())
    const other = JSON.stringify({ ...starting(), pid: process.ppid })
    writeFileSync(join(folder, 'instance.json'), other)
    if (claimed.type === 'claimed') claimed.claim.release()
    expect(readFileSync(join(folder, 'instance.json'), 'utf8')).toBe(other)
  })

  test.skipIf(process.platform === 'win32')('is read by its owner alone', async () => {
    const claimed = await claimInstance(folder, starting())
    if (claimed.type === 'claimed') claimed.claim.publish(starting())
    expect(statSync(join(folder, 'instance.json')).mode & 0o777).toBe(0o600)
  })

  test('that cannot be written names the folder', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const attempt = claimInstance(join(file, 'below'), starting())
    await expect(attempt).rejects.toThrow(OperationalError)
    await expect(attempt).rejects.toThrow(join(file, 'below'))
  })
})

function starting(): Instance {
  return {
    pid: process.pid,
    version: '1.2.3',
    startedMs: Date.now(),
    state: 'starting',
    surface: 'headless',
    bootstrap: '',
    url: null,
    control: null,
  }
}

function listening(): Promise<string> {
  const server = createServer(socket => socket.destroy())
  listener = server
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' ? `127.0.0.1:${address?.port}` : '')
    })
  })
}
