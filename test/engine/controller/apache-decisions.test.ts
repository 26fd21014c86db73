/**
 * What Apache Kafka's controller decided, decided again: its metadata log is replayed up to each
 * decision, and ours must come to the same records.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  beginControlledShutdown,
  fenceBroker,
  leaveAfterUncleanShutdown,
  leaveIsrs,
  unfenceBroker,
} from '../../../engine/controller/broker-changes.ts'
import { Controller } from '../../../engine/controller/controller.ts'
import type { Election } from '../../../engine/controller/election.ts'
import type { PartitionImage } from '../../../engine/controller/image-entries.ts'
import {
  partitionChange,
  type PartitionTarget,
} from '../../../engine/controller/partition-change.ts'
import { rulesOfTopic } from '../../../engine/controller/partition-rules.ts'
import { begun, reassigning, reverted } from '../../../engine/controller/reassignment.ts'
import {
  decodeMetadataRecord,
  type MetadataRecord,
} from '../../../engine/protocol/metadata-records/metadata-record.ts'
import { isControl, wholeBatches } from '../../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../../engine/protocol/records/record-reader.ts'
import { clusterId, seededRandom } from './controlled-cluster.ts'

/**
 * Apache Kafka 4.3.1, three brokers and one controller: topics of one, two and three replicas;
 * brokers killed and stopped, one, two and three at a time, and started again in other orders;
 * moves begun, given up and finished; preferred and unclean elections; a broker unregistered;
 * min.insync.replicas and unclean.leader.election.enable changed.
 */
const captured = new URL('./captured/apache-kafka-4.3.1-replicated-metadata.log', import.meta.url)

interface Logged {
  readonly offset: bigint
  readonly record: MetadataRecord
}

type PartitionChange = Extract<MetadataRecord, { readonly type: 'PartitionChangeRecord' }>

function readLog(): Logged[] {
  const bytes = readFileSync(captured)
  const logged: Logged[] = []
  for (const { at } of wholeBatches(bytes)) {
    if (isControl(bytes, at)) continue
    for (const { offset, value } of readRecords(bytes, at))
      logged.push({ offset, record: decodeMetadataRecord(value!) })
  }
  return logged
}

const log = readLog()

/** A controller that knows the log before this place in it. */
function knowing(count: number): Controller {
  const random = seededRandom(1)
  const controller = new Controller({ clusterId, staticConfigs: new Map(), random })
  for (const { record, offset } of log.slice(0, count)) controller.replay(record, offset, 1)
  return controller
}

const isPartitionChange = (record: MetadataRecord | undefined): record is PartitionChange =>
  record?.type === 'PartitionChangeRecord'

/** Records of partitions, whatever the order of the partitions. */
function sorted(records: readonly MetadataRecord[]): readonly string[] {
  return records
    .filter(isPartitionChange)
    .map(({ value }) => JSON.stringify(value, Object.keys(value).sort()))
    .sort()
}

/** Apache Kafka writes the changes of partitions before these records, and after the others. */
interface Decision {
  readonly name: string
  readonly at: number
  /** The decision's own changes of partitions, as places in the log. */
  readonly changes: readonly number[]
  readonly before: number
  /** One of these is what must have been decided. */
  readonly ours: (controller: Controller) => readonly (readonly MetadataRecord[])[]
}

function decisionAt(at: number): Decision | null {
  const { record } = log[at]!
  const changed = (controller: Controller, brokerId: number) =>
    controller.image.brokers.get(brokerId)!
  switch (record.type) {
    case 'BrokerRegistrationChangeRecord': {
      const { brokerId, fenced, inControlledShutdown } = record.value
      if (fenced > 0)
        return preceded(`broker ${brokerId} is fenced`, at, controller => [
          fenceBroker(controller, changed(controller, brokerId)),
        ])
      if (fenced < 0)
        return followed(`broker ${brokerId} is unfenced`, at, controller => [
          unfenceBroker(controller, changed(controller, brokerId)),
        ])
      if (inControlledShutdown > 0)
        return followed(`broker ${brokerId} shuts down`, at, controller => [
          beginControlledShutdown(controller, changed(controller, brokerId)),
        ])
      return null
    }
    case 'RegisterBrokerRecord': {
      const { brokerId } = record.value
      // The request is not in the log, so how the broker stopped is not known.
      return preceded(`broker ${brokerId} registers`, at, controller => [
        leaveIsrs(controller, brokerId),
        leaveAfterUncleanShutdown(controller, brokerId),
      ])
    }
    case 'UnregisterBrokerRecord': {
      const { brokerId } = record.value
      return preceded(`broker ${brokerId} is unregistered`, at, controller => [
        leaveIsrs(controller, brokerId),
      ])
    }
    default:
      return null
  }
}

type Ours = Decision['ours']

/** Its changes are as many of those directly before as ours makes the same. */
function preceded(name: string, at: number, ours: Ours): Decision {
  let before = at
  while (isPartitionChange(log[before - 1]?.record)) {
    const theirs = sorted(log.slice(before - 1, at).map(({ record }) => record)).join()
    const same = ours(knowing(before - 1)).some(one => sorted(one).join() === theirs)
    if (!same) break
    before--
  }
  return { name, at, changes: places(before, at), before, ours }
}

function followed(name: string, at: number, ours: Ours): Decision {
  const count = sorted(ours(knowing(at))[0]!).length
  return { name, at, changes: places(at + 1, at + 1 + count), before: at, ours }
}

function places(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

const decisions = log.flatMap((_, at) => decisionAt(at) ?? [])
const decided = new Set(decisions.flatMap(decision => decision.changes))

/** What a leader, or a person, may have asked for that gave this change. */
function targetsOf(before: PartitionImage, { value }: PartitionChange): readonly PartitionTarget[] {
  const isr = value.isr ?? before.isr
  const gone = before.removingReplicas.filter(id => before.isr.includes(id))
  const moves: PartitionTarget[] = []
  if (value.removingReplicas !== null || value.replicas !== null) {
    const removing = value.removingReplicas ?? []
    const replicas = value.replicas ?? before.replicas
    moves.push(
      begun(
        before,
        replicas.filter(id => !removing.includes(id)),
      ),
    )
  }
  if (reassigning(before)) moves.push(reverted(before))
  // A leader asks for an ISR with itself; the change may finish a move, which shrinks the ISR.
  const asked = [
    isr,
    [...isr, ...gone.filter(id => !isr.includes(id))],
    [...before.isr, ...isr.filter(id => !before.isr.includes(id))],
  ].filter(each => each.includes(before.leader))
  return [{}, ...asked.map(each => ({ isr: each, leaderRecoveryState: 0 })), ...moves]
}

const elections: readonly Election[] = ['online', 'preferred', 'unclean']

describe("decisions of Apache Kafka's controller", () => {
  test.each(decisions.map(each => [`${each.name} at ${log[each.at]!.offset}`, each] as const))(
    '%s: ours decides the same',
    (_, { changes, before, ours }) => {
      const theirs = sorted(changes.map(place => log[place]!.record))
      expect(ours(knowing(before)).map(sorted)).toContainEqual(theirs)
    },
  )

  const others = log
    .map(({ record }, at) => ({ record, at }))
    .filter(({ at }) => !decided.has(at))
    .flatMap(({ record, at }) => (isPartitionChange(record) ? [{ record, at }] : []))

  test.each(others.map(each => [log[each.at]!.offset, each] as const))(
    'a change that was asked for at %s: ours makes the same of it',
    (_, { record, at }) => {
      const controller = knowing(at)
      const topic = controller.image.topicsById.get(record.value.topicId)!
      const { topicId, partitionId: partitionIndex } = record.value
      const before = topic.partitions[partitionIndex]!
      const made = elections.flatMap(election =>
        targetsOf(before, record).map(target =>
          partitionChange(
            { topicId, partitionIndex },
            before,
            target,
            rulesOfTopic(controller, topic, { election })(before),
          ),
        ),
      )
      expect(made).toContainEqual(record)
    },
  )

  test('there are decisions of every kind, and changes that were asked for', () => {
    const kinds = new Set(decisions.map(each => each.name.replace(/ \d+/, '')))
    expect(kinds).toEqual(
      new Set([
        'broker is fenced',
        'broker is unfenced',
        'broker shuts down',
        'broker registers',
        'broker is unregistered',
      ]),
    )
    expect(decided.size).toBeGreaterThan(20)
    expect(others.length).toBeGreaterThan(20)
  })
})
