/**
 * Which replicas go where: the moves that a person asked for, planned over plain data. It moves as
 * little as it can, keeps the replicas of a partition on different brokers and, where racks are
 * known, on as many racks as before or more. No clock and no chance: the same question gives the
 * same plan.
 */
import type {
  Assignment,
  BrokerShare,
  PlannedMove,
  ReassignmentPlan,
  ReassignmentStrategy,
  TopicPartition,
} from '../contract/model/replication.ts'
import { BrokerLoads } from './broker-loads.ts'

export interface PlanInput {
  readonly partitions: readonly PartitionNow[]
  /** Those that can take replicas now. */
  readonly brokers: readonly PlanBroker[]
  readonly strategy: ReassignmentStrategy
}

export interface PlanBroker {
  readonly id: number
  readonly rack: string | null
}

export interface PartitionNow extends Assignment {
  /** Of its leader's replica; null where unknown. */
  readonly sizeBytes: number | null
}

interface Refusal extends TopicPartition {
  readonly reason: string
}

type Placed = { readonly replicas: readonly number[] } | { readonly reason: string }

export function planReassignment(input: PlanInput): ReassignmentPlan {
  const { partitions, brokers } = input
  const placed = placeAll(input)
  const moves: PlannedMove[] = []
  const refusals: Refusal[] = []
  for (const [index, partition] of partitions.entries()) {
    const target = placed[index]!
    if ('reason' in target) refusals.push({ ...nameOf(partition), reason: target.reason })
    else if (!sameOrder(partition.replicas, target.replicas))
      moves.push(moveOf(partition, target.replicas))
  }
  return {
    moves,
    unchangedCount: partitions.length - moves.length - refusals.length,
    brokers: sharesOf(partitions, moves, brokers),
    copyBytes: sumOf(moves.map(({ copyBytes }) => copyBytes)),
    refusals: [...refusals, ...strangers(input)],
  }
}

function placeAll(input: PlanInput): readonly Placed[] {
  const { partitions, brokers, strategy } = input
  const loads = new BrokerLoads(partitions, brokers)
  const settle = (partition: PartitionNow, placed: Placed): Placed => {
    if ('replicas' in placed) loads.change(partition.replicas, placed.replicas)
    return placed
  }
  switch (strategy.type) {
    case 'vacate': {
      const leaving = new Set(strategy.brokers)
      const targets = brokers.filter(({ id }) => !leaving.has(id))
      return partitions.map(partition => {
        const kept = partition.replicas.filter(id => !leaving.has(id))
        const factor = partition.replicas.length
        return settle(partition, filled(partition, kept, { loads, targets, factor }))
      })
    }
    case 'factor':
      return partitions.map(partition => {
        const { factor } = strategy
        const kept = partition.replicas.slice(0, factor)
        return settle(partition, filled(partition, kept, { loads, targets: brokers, factor }))
      })
    case 'spread': {
      const { brokers: wanted } = strategy
      const targets = brokers.filter(({ id }) => wanted === null || wanted.includes(id))
      return spreadEvenly(partitions, targets, loads)
    }
    case 'explicit': {
      const given = new Map(strategy.assignments.map(each => [placeOf(each), each.replicas]))
      const known = new Set(brokers.map(({ id }) => id))
      return partitions.map(partition => asGiven(partition, given.get(placeOf(partition)), known))
    }
  }
}

/** Off the brokers that are not meant first, then from heavy to light until nothing is gained. */
function spreadEvenly(
  partitions: readonly PartitionNow[],
  targets: readonly PlanBroker[],
  loads: BrokerLoads,
): readonly Placed[] {
  const meant = new Set(targets.map(({ id }) => id))
  const placed = partitions.map((partition): Placed => {
    const kept = partition.replicas.filter(id => meant.has(id))
    const target = filled(partition, kept, { loads, targets, factor: partition.replicas.length })
    if ('replicas' in target) loads.change(partition.replicas, target.replicas)
    return target
  })
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    let changed = false
    for (const [index, target] of placed.entries()) {
      if ('reason' in target) continue
      const lighter = loads.lightened(target.replicas, targets)
      const ordered = loads.reordered(lighter)
      loads.change(lighter, ordered)
      if (sameOrder(target.replicas, ordered)) continue
      placed[index] = { replicas: ordered }
      changed = true
    }
    if (!changed) break
  }
  return placed
}

/** Every pass but the last makes the loads more even; so many are never needed. */
const PASSES_MAX = 20

interface Filling {
  readonly loads: BrokerLoads
  readonly targets: readonly PlanBroker[]
  readonly factor: number
}

/** Whom a lost replica is replaced by takes its place in the order, so that leaders stay spread. */
function filled(
  { replicas }: PartitionNow,
  kept: readonly number[],
  { loads, targets, factor }: Filling,
): Placed {
  const result: number[] = []
  for (let place = 0; place < factor; place++) {
    const own = replicas[place]
    if (own !== undefined && kept.includes(own)) {
      result.push(own)
      continue
    }
    const taken = new Set([...kept, ...result])
    const chosen = loads.lightest(targets, taken, place === 0)
    if (chosen === null)
      return { reason: `only ${targets.length} brokers could hold its ${factor} replicas` }
    result.push(chosen)
  }
  return { replicas: result }
}

function asGiven(
  partition: PartitionNow,
  replicas: readonly number[] | undefined,
  known: ReadonlySet<number>,
): Placed {
  if (replicas === undefined) return { replicas: partition.replicas }
  if (replicas.length === 0) return { reason: 'the list of replicas is empty' }
  const twice = replicas.find((id, place) => replicas.indexOf(id) !== place)
  if (twice !== undefined) return { reason: `broker ${twice} stands twice in its list` }
  const unknown = replicas.find(id => !known.has(id) && !partition.replicas.includes(id))
  return unknown === undefined ? { replicas } : { reason: `broker ${unknown} is not there` }
}

/** What was named and does not exist. */
function strangers({ partitions, strategy }: PlanInput): readonly Refusal[] {
  if (strategy.type !== 'explicit') return []
  const known = new Set(partitions.map(placeOf))
  return strategy.assignments
    .filter(each => !known.has(placeOf(each)))
    .map(each => ({ ...nameOf(each), reason: 'there is no such partition' }))
}

function moveOf(partition: PartitionNow, after: readonly number[]): PlannedMove {
  const { replicas, sizeBytes } = partition
  const added = after.filter(id => !replicas.includes(id)).length
  return {
    ...nameOf(partition),
    before: replicas,
    after,
    copyBytes: added === 0 ? 0 : sizeBytes === null ? null : sizeBytes * added,
  }
}

function sharesOf(
  partitions: readonly PartitionNow[],
  moves: readonly PlannedMove[],
  brokers: readonly PlanBroker[],
): readonly BrokerShare[] {
  const after = new Map(moves.map(move => [placeOf(move), move.after]))
  const shares = new Map<number, { -readonly [K in keyof BrokerShare]: BrokerShare[K] }>()
  const shareOf = (broker: number) => {
    const found = shares.get(broker) ?? {
      broker,
      replicasBefore: 0,
      replicasAfter: 0,
      preferredBefore: 0,
      preferredAfter: 0,
    }
    shares.set(broker, found)
    return found
  }
  for (const { id } of brokers) shareOf(id)
  for (const partition of partitions) {
    const then = after.get(placeOf(partition)) ?? partition.replicas
    for (const id of partition.replicas) shareOf(id).replicasBefore += 1
    for (const id of then) shareOf(id).replicasAfter += 1
    if (partition.replicas.length > 0) shareOf(partition.replicas[0]!).preferredBefore += 1
    if (then.length > 0) shareOf(then[0]!).preferredAfter += 1
  }
  return [...shares.values()].sort((a, b) => a.broker - b.broker)
}

function nameOf({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition }
}

export function placeOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

function sameOrder(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, place) => id === b[place])
}

function sumOf(sizes: readonly (number | null)[]): number | null {
  let sum = 0
  for (const size of sizes) {
    if (size === null) return null
    sum += size
  }
  return sum
}
