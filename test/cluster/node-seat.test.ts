import { afterEach, expect, test, vi } from 'vitest'
import { NodeSeat } from '../../engine/cluster/node-seat.ts'
import { WorkerNode, type NodeState } from '../../engine/cluster/worker-node.ts'
import { UnflushedFiles } from '../../engine/runtime/unflushed-files.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'

/** A restart comes after a second; a thread starts, on a busy machine, after another. */
const PATIENCE = { timeout: 20_000, interval: 50 }

const seats: NodeSeat[] = []
afterEach(() => Promise.all(seats.splice(0).map(seat => seat.cutOff())))

test('a node that a bug has ended is started again', async () => {
  const { seat, states } = await newSeat()
  breakIt(seat)
  await vi.waitFor(() => expect(seat.state).toBe('failed'), PATIENCE)
  expect(seat.failure).toContain('a bug')
  await vi.waitFor(() => expect(seat.state).toBe('running'), PATIENCE)
  expect(states).toEqual(['running', 'failed', 'starting', 'running'])
})

test('a node that was killed or stopped is not', async () => {
  const [broken, killed, stopped] = await Promise.all([newSeat(), newSeat(), newSeat()])
  await killed.seat.kill()
  await stopped.seat.stop()
  // Its restart is the clock: it fails after the others were ended.
  breakIt(broken.seat)
  await vi.waitFor(() => expect(broken.states).toContain('starting'), PATIENCE)
  expect(killed.states).toEqual(['running', 'killed'])
  expect(stopped.states).toEqual(['running', 'stopping', 'stopped'])
})

test('a node that fails again and again stays down, until a person starts it', async () => {
  const { seat, states } = await newSeat()
  for (let failures = 1; failures <= 4; failures++) {
    breakIt(seat)
    await vi.waitFor(() => expect(count(states, 'failed')).toBe(failures), PATIENCE)
    if (failures < 4)
      await vi.waitFor(() => expect(count(states, 'running')).toBe(failures + 1), PATIENCE)
  }
  const other = await newSeat()
  breakIt(other.seat)
  await vi.waitFor(() => expect(count(other.states, 'running')).toBe(2), PATIENCE)
  expect(seat.state).toBe('failed')

  await seat.start()
  expect(seat.state).toBe('running')
})

test('a node that hangs in its stop is told of in words, and can be killed', async () => {
  const { seat } = await newSeat()
  seat.life.send({ type: 'leave' })
  await withPatience(60_000, () => seat.stop(), 'broker 1: not stopped after 60 s; kill it')
  expect(seat.state).toBe('stopping')
  await seat.kill()
  expect(seat.state).toBe('killed')
})

test('a node that hangs keeps no cluster from ending', async () => {
  const { seat, states } = await newSeat()
  seat.life.send({ type: 'leave' })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const ending = seat.end()
    await vi.advanceTimersByTimeAsync(60_000)
    await ending
  } finally {
    vi.useRealTimers()
  }
  expect(states).toEqual(['running', 'stopping', 'killed'])
})

test('a thread that hears nothing is too busy to be paused, and is not paused later', async () => {
  const { seat } = await newSeat()
  // This thread answers no pause.
  await withPatience(10_000, () => seat.pause(), 'broker 1: too busy to be paused')
  expect(seat.state).toBe('running')
})

/** The supervisor's patience passes at once, and it says what for. */
async function withPatience(
  milliseconds: number,
  act: () => Promise<void>,
  words: string,
): Promise<void> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const refused = expect(act()).rejects.toThrow(words)
    await vi.advanceTimersByTimeAsync(milliseconds)
    await refused
  } finally {
    vi.useRealTimers()
  }
}

async function newSeat(): Promise<{ seat: NodeSeat; states: NodeState[] }> {
  const states: NodeState[] = []
  const seat = new NodeSeat({
    name: 'broker 1',
    roles: ['broker'],
    launch: onStateChanged =>
      new WorkerNode({
        name: 'broker 1',
        roles: ['broker'],
        entry: new URL('./breakable-worker.ts', import.meta.url),
        data: null,
        unflushed: { memory: UnflushedFiles.newMemory(), root: '' },
        onMessage: () => {},
        onStateChanged,
      }),
    onStateChanged: state => states.push(state),
    dropUnflushed: () => Promise.reject(new OperationalError('its files are not cut here')),
  })
  seats.push(seat)
  await seat.listening()
  return { seat, states }
}

function breakIt(seat: NodeSeat): void {
  seat.life.send({ type: 'tap-wire', open: true })
}

function count(states: readonly NodeState[], wanted: NodeState): number {
  return states.filter(state => state === wanted).length
}
