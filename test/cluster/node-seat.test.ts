import { afterEach, expect, test, vi } from 'vitest'
import { NodeSeat } from '../../engine/cluster/node-seat.ts'
import { WorkerNode, type NodeState } from '../../engine/cluster/worker-node.ts'

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

test('a thread that hears nothing is too busy to be paused, and is not paused later', async () => {
  const { seat } = await newSeat()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    // This thread answers no pause: the supervisor's patience is what ends.
    const pausing = seat.pause()
    const refused = expect(pausing).rejects.toThrow('broker 1: too busy to be paused')
    await vi.advanceTimersByTimeAsync(10_000)
    await refused
  } finally {
    vi.useRealTimers()
  }
  expect(seat.state).toBe('running')
})

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
        onMessage: () => {},
        onStateChanged,
      }),
    onStateChanged: state => states.push(state),
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
