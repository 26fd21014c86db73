import { expect, test } from 'vitest'
import type { FromWorker, NodeRole } from '../../../engine/cluster/node-messages.ts'
import { WorkerNode } from '../../../engine/cluster/worker-node.ts'
import { UnflushedFiles } from '../../../engine/runtime/unflushed-files.ts'

test.each<{ readonly roles: readonly NodeRole[]; readonly newMegabytes: number }>([
  { roles: ['broker'], newMegabytes: 6 },
  { roles: ['broker', 'controller'], newMegabytes: 6 },
  { roles: ['controller'], newMegabytes: 3 },
])('new objects of a node that is $roles get at most $newMegabytes MB', async each => {
  expect(await limitsWithin(each.roles)).toMatchObject({
    maxYoungGenerationSizeMb: each.newMegabytes,
    maxOldGenerationSizeMb: 2_000,
  })
})

test.each([
  ['OperationalError', 'log: the disk is full'],
  ['AssertionError', expect.stringContaining('AssertionError: log: the disk is full\n')],
])('a thread that ends by an %s says why, and only a bug where', async (name, failure) => {
  const script = `
    class Thrown extends Error { name = '${name}' }
    setImmediate(() => { throw new Thrown('log: the disk is full') })`
  const node = new WorkerNode({
    name: 'controller 1',
    entry: new URL(`data:text/javascript,${encodeURIComponent(script)}`),
    data: null,
    unflushed: { memory: UnflushedFiles.newMemory(), root: '' },
    roles: ['controller'],
    onMessage: () => {},
    onStateChanged: () => {},
  })
  await node.exited()
  expect(node.state).toBe('failed')
  expect(node.failure).toEqual(failure)
})

/** As the thread itself knows them. */
async function limitsWithin(roles: readonly NodeRole[]): Promise<unknown> {
  const script = `
    import { parentPort, resourceLimits } from 'node:worker_threads'
    parentPort.postMessage({ type: 'log', level: 'info', message: JSON.stringify(resourceLimits) })`
  const told = Promise.withResolvers<FromWorker>()
  const node = new WorkerNode({
    name: 'node 1',
    entry: new URL(`data:text/javascript,${encodeURIComponent(script)}`),
    data: null,
    unflushed: { memory: UnflushedFiles.newMemory(), root: '' },
    roles,
    onMessage: told.resolve,
    onStateChanged: () => {},
  })
  const message = await told.promise
  await node.exited()
  return message.type === 'log' ? JSON.parse(message.message) : null
}
