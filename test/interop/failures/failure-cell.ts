/** One cell of the matrix: load, a fault, its healing, and what became of every record. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createTopic, kcatRun } from '../tools.ts'
import { ClusterEye } from './cluster-eye.ts'
import { BROKER_IDS, type FailingCluster, type Fault } from './failing-cluster.ts'
import {
  javaWriter,
  librdkafkaWriter,
  verifiableReader,
  type Acks,
  type Written,
} from './writers.ts'

export type Target = 'leader' | 'follower' | 'controller'

export interface Cell {
  /** Milliseconds between the fault and its healing. */
  readonly holdMs?: number
  readonly target: Target
  readonly fault: Fault
  readonly acks: Acks
}

export interface CellResult {
  readonly acknowledged: number
  /** Acknowledged, and not in the log in the end. */
  readonly lost: number
  /** In the log more than once. */
  readonly duplicated: number
  /** In the log, and never given to the consumer. */
  readonly unread: number
  /** Given to the consumer more than once. */
  readonly rereadCount: number
  /** The longest time in which no leader answered. */
  readonly withoutLeaderMs: number
  /** The longest time between two acknowledgements, of the producer that waited longer. */
  readonly silenceMs: number
  /** From the healing until all replicas are in sync; null where they were not in time. */
  readonly inSyncAfterMs: number | null
  readonly errors: ReadonlyMap<string, number>
}

/** A dead broker's session and an election fit in, several times. */
const HOLD_MS = 8_000
const IN_SYNC_LIMIT_MS = 60_000
const AFTERWARDS_MS = 1_500
const READER_LIMIT_MS = 60_000

let cells = 0

export async function runCell(cluster: FailingCluster, cell: Cell): Promise<CellResult> {
  const topic = `cell-${cells++}`
  await createTopic(cluster, topic, { factor: 3, configs: { 'min.insync.replicas': '2' } })
  const eye = new ClusterEye(cluster.bootstrap, topic)
  const load = { bootstrap: cluster.bootstrap, topic, acks: cell.acks, retries: true }
  const writers = [javaWriter(load), librdkafkaWriter(load)]
  const reader = verifiableReader(cluster.bootstrap, topic)
  try {
    await Promise.all(writers.map(each => each.ready()))
    const target = await targetOf(eye, cell.target)
    const stopWatching = eye.watchLeader()
    await fail(cluster, target, cell)
    const inSyncAfterMs = await untilInSync(eye)
    const withoutLeaderMs = await stopWatching()
    await sleep(AFTERWARDS_MS)
    const written = await Promise.all(writers.map(each => each.finish()))
    const log = await readWhole(cluster, topic)
    await reader.reaches(log.length - 1, READER_LIMIT_MS)
    const read = await reader.finish()
    return { ...judge(written, log, read), withoutLeaderMs, inSyncAfterMs }
  } finally {
    eye.close()
  }
}

/** The fault, its time, and the way back. */
async function fail(
  cluster: FailingCluster,
  target: number,
  { fault, holdMs = HOLD_MS }: Cell,
): Promise<void> {
  if (fault === 'restart') {
    await cluster.fail(target, 'clean stop')
    await cluster.recover(target, 'clean stop')
    await sleep(holdMs)
    return
  }
  await cluster.fail(target, fault)
  await sleep(holdMs)
  await cluster.recover(target, fault)
}

async function targetOf(eye: ClusterEye, target: Target): Promise<number> {
  if (target === 'controller') return await eye.controller()
  const state = await eye.partition()
  if (state === null) throw new Error('no broker answers before anything failed')
  return target === 'leader' ? state.leader : state.isr.find(id => id !== state.leader)!
}

function untilInSync(eye: ClusterEye): Promise<number | null> {
  return eye.until(state => state.isr.length === BROKER_IDS.length, IN_SYNC_LIMIT_MS)
}

/** Values in the order of the log. */
async function readWhole(cluster: FailingCluster, topic: string): Promise<readonly string[]> {
  const args = ['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%s\\n']
  const { stdout } = await kcatRun(cluster, args, { timeoutMs: 60_000 })
  return stdout.split('\n').filter(line => line !== '')
}

function judge(
  written: readonly Written[],
  log: readonly string[],
  read: { readonly values: ReadonlyMap<number, string>; readonly again: number },
) {
  const acknowledged = written.flatMap(each => each.acknowledged)
  const stored = new Set(log)
  const given = new Set(read.values.values())
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter(value => !stored.has(value)).length,
    duplicated: log.length - stored.size,
    unread: [...stored].filter(value => !given.has(value)).length,
    rereadCount: read.again,
    silenceMs: Math.max(...written.map(each => each.longestSilenceMs)),
    errors: allErrors(written),
  }
}

function allErrors(written: readonly Written[]): ReadonlyMap<string, number> {
  const errors = new Map<string, number>()
  for (const each of written)
    for (const [name, times] of each.errors) errors.set(name, (errors.get(name) ?? 0) + times)
  return errors
}

export interface TwoKilled {
  /** What producers without retries were told, most often first; acks=all, min ISR 2 of 3. */
  readonly errors: readonly string[]
  /** What they were acknowledged meanwhile. */
  readonly acknowledged: number
  /** Whether a producer could write again once the brokers were back. */
  readonly recovered: boolean
}

const ALONE_LIMIT_MS = 30_000

/**
 * Of three brokers two are killed at once; one is left, which may or may not have led before. The
 * producers come when the controller has noticed: what is under way before waits for its time-out.
 */
export async function killTwo(
  cluster: FailingCluster,
  left: 'leader' | 'follower',
): Promise<TwoKilled> {
  const topic = `two-killed-${cells++}`
  await createTopic(cluster, topic, { factor: 3, configs: { 'min.insync.replicas': '2' } })
  const eye = new ClusterEye(cluster.bootstrap, topic)
  const load = { bootstrap: cluster.bootstrap, topic, acks: 'all', retries: false } as const
  try {
    const { leader, isr } = (await eye.partition())!
    const followers = isr.filter(id => id !== leader)
    const killed = left === 'leader' ? followers : [leader, followers[0]!]
    await Promise.all(killed.map(id => cluster.fail(id, 'kill')))
    await eye.until(state => state.leader > 0 && state.isr.length === 1, ALONE_LIMIT_MS)
    const writers = [javaWriter(load), librdkafkaWriter(load)]
    await Promise.all(writers.map(each => each.refused()))
    const written = await Promise.all(writers.map(each => each.finish()))
    await Promise.all(killed.map(id => cluster.recover(id, 'kill')))
    const inSync = await untilInSync(eye)
    const again = librdkafkaWriter(load)
    await again.ready()
    await again.finish()
    const errors = [...allErrors(written)].toSorted(([, a], [, b]) => b - a)
    return {
      errors: errors.map(([name]) => name),
      acknowledged: written.reduce((sum, each) => sum + each.acknowledged.length, 0),
      recovered: inSync !== null,
    }
  } finally {
    eye.close()
  }
}
