/**
 * When groups committed, from the records of `__consumer_offsets`, which carry the time: no answer
 * of a broker does. A partition is read from a bounded way back, once someone looks at a group in
 * it, and from then on as it grows. Where the topic cannot be read, the reason is the answer.
 */
import type { Client } from '../../engine/client/client.ts'
import { partitionFor } from '../../engine/group/partition-for.ts'
import { decodeCoordinatorRecord } from '../../engine/protocol/coordinator-records/coordinator-record.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { InvalidFrameError } from '../../engine/protocol/invalid-frame.ts'
import { fetchRequest, fetchResponse } from '../../engine/protocol/messages/fetch.ts'
import {
  isControl,
  lastOffsetOf,
  wholeBatches,
} from '../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../engine/protocol/records/record-reader.ts'
import { ContractError } from '../contract/define.ts'
import type { CommitTime } from '../contract/model/group.ts'
import { problemOf } from '../contract/problem.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { codeProblem, describeMetadata, leadersOf } from '../lookups/cluster-topics.ts'
import { EARLIEST, LATEST, listOffsets } from '../lookups/list-offsets.ts'

const TOPIC = '__consumer_offsets'
const api = { request: fetchRequest, response: fetchResponse }
const NAMED_VERSION_MAX = 12
const FETCH_BYTES = 1024 * 1024
/** How far back the first reading goes. */
const RECORDS_BACK = 50_000
const FETCHES_FIRST_MAX = 24
/** Later readings take this much at a time; what is left comes with the next. */
const FETCHES_MAX = 4
/** Partitions that nobody has asked for in so long are forgotten. */
const IDLE_MS = 60_000

export interface GroupCommits {
  /** By topic and partition; times of the offset that stands there now. */
  readonly commits: ReadonlyMap<string, ReadonlyMap<number, Commit>>
  /** As the coordinator wrote it after the last rebalance; null where no such record was met. */
  readonly generationId: number | null
  readonly stateSinceMs: bigint | null
  /** Why nothing more is known. */
  readonly reason: string
}

interface Commit {
  readonly offset: bigint
  readonly atMs: bigint
}

interface GroupEntry {
  readonly commits: Map<string, Map<number, Commit>>
  generationId: number | null
  stateSinceMs: bigint | null
}

interface Reading {
  readonly groups: Map<string, GroupEntry>
  nextOffset: bigint
  /** Where the first reading began, and whether that was the beginning of the partition. */
  readonly fromOffset: bigint
  readonly whole: boolean
  askedMs: number
}

export class CommitLog {
  readonly #client: Client
  readonly #nowMs: () => number
  readonly #readings = new Map<number, Reading>()
  readonly #busy = new Map<number, Promise<Reading>>()

  constructor(client: Client, nowMs: () => number) {
    this.#client = client
    this.#nowMs = nowMs
  }

  /** What the log says of a group. Never rejects: a topic that cannot be read is a reason. */
  async read(groupId: string): Promise<GroupCommits> {
    try {
      const { partitions } = await describeMetadata(this.#client, TOPIC)
      const index = partitionFor(groupId, partitions.length)
      const reading = await this.#upToDate(index)
      const entry = reading.groups.get(groupId)
      return {
        commits: entry?.commits ?? new Map(),
        generationId: entry?.generationId ?? null,
        stateSinceMs: entry?.stateSinceMs ?? null,
        reason: reading.whole
          ? `${TOPIC}-${index} has no record of it`
          : `${TOPIC}-${index} has no record of it from offset ${reading.fromOffset} on`,
      }
    } catch (error) {
      const { code, message } = problemOf(error)
      const reason = `${TOPIC} cannot be read: ${code}: ${message}`
      return { commits: new Map(), generationId: null, stateSinceMs: null, reason }
    }
  }

  /** Two pages that look at groups of one partition read it once. */
  #upToDate(index: number): Promise<Reading> {
    const busy = this.#busy.get(index)
    if (busy !== undefined) return busy
    const reading = this.#read(index).finally(() => this.#busy.delete(index))
    this.#busy.set(index, reading)
    return reading
  }

  async #read(index: number): Promise<Reading> {
    const nowMs = this.#nowMs()
    for (const [other, { askedMs }] of this.#readings)
      if (askedMs < nowMs - IDLE_MS) this.#readings.delete(other)
    const known = this.#readings.get(index)
    const reading = known ?? (await this.#begin(index, nowMs))
    reading.askedMs = nowMs
    const fetches = known === undefined ? FETCHES_FIRST_MAX : FETCHES_MAX
    for (let count = 0; count < fetches; count++) if (!(await this.#fetch(index, reading))) break
    this.#readings.set(index, reading)
    return reading
  }

  async #begin(index: number, nowMs: number): Promise<Reading> {
    const leaders = leadersOf(await describeMetadata(this.#client, TOPIC))
    const wanted = [{ topic: TOPIC, leaders: new Map([[index, leaders.leaders.get(index) ?? -1]]) }]
    const [starts, ends] = await Promise.all([
      listOffsets(this.#client, wanted, EARLIEST),
      listOffsets(this.#client, wanted, LATEST),
    ])
    const start = starts.get(TOPIC)?.get(index)
    const end = ends.get(TOPIC)?.get(index)
    for (const each of [start, end])
      if (each?.type === 'problem') throw new ContractError(each.problem)
    const startOffset = start?.type === 'found' ? start.offset : 0n
    const back = (end?.type === 'found' ? end.offset : 0n) - BigInt(RECORDS_BACK)
    const fromOffset = back > startOffset ? back : startOffset
    const whole = fromOffset === startOffset
    return { groups: new Map(), nextOffset: fromOffset, fromOffset, whole, askedMs: nowMs }
  }

  /** Whether there may be more. */
  async #fetch(index: number, reading: Reading): Promise<boolean> {
    const wanted = {
      partition: index,
      fetchOffset: reading.nextOffset,
      partitionMaxBytes: FETCH_BYTES,
    }
    const question = {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: FETCH_BYTES,
      isolationLevel: 0,
      topics: [{ topic: TOPIC, partitions: [wanted] }],
    }
    const leaderId = await this.#client.leader(TOPIC, index)
    const answer = await askInTime(this.#client, leaderId, connection =>
      connection.request(api, question, { versionMax: NAMED_VERSION_MAX }),
    )
    const fetched = answer.responses[0]?.partitions[0]
    const problem = codeProblem(fetched?.errorCode ?? 0, `${TOPIC}-${index}`)
    if (problem !== null) {
      this.#readings.delete(index)
      this.#client.forget()
      throw new ContractError(problem)
    }
    const bytes = fetched?.records ?? new Uint8Array(0)
    let any = false
    for (const { at } of wholeBatches(bytes)) {
      any = true
      const from = reading.nextOffset
      reading.nextOffset = lastOffsetOf(bytes, at) + 1n
      if (isControl(bytes, at)) continue
      for (const { offset, key, value } of readRecords(bytes, at))
        if (offset >= from && key !== null) take(reading.groups, key, value)
    }
    return any
  }
}

function take(groups: Map<string, GroupEntry>, key: Uint8Array, value: Uint8Array | null): void {
  const record = decoded(key, value)
  if (record === null || (record.type !== 'OffsetCommit' && record.type !== 'GroupMetadata')) return
  const entry = groups.get(record.key.group) ?? {
    commits: new Map<string, Map<number, Commit>>(),
    generationId: null,
    stateSinceMs: null,
  }
  groups.set(record.key.group, entry)
  if (record.type === 'GroupMetadata') {
    entry.generationId = record.value?.generation ?? null
    const sinceMs = record.value?.currentStateTimestamp ?? -1n
    entry.stateSinceMs = sinceMs < 0n ? null : sinceMs
    return
  }
  const { topic, partition } = record.key
  const partitions = entry.commits.get(topic) ?? new Map<number, Commit>()
  entry.commits.set(topic, partitions)
  if (record.value === null) partitions.delete(partition)
  else {
    const { offset, commitTimestamp } = record.value
    partitions.set(partition, { offset, atMs: commitTimestamp })
  }
}

function decoded(key: Uint8Array, value: Uint8Array | null) {
  try {
    return decodeCoordinatorRecord(key, value)
  } catch (error) {
    // Records of a form that is newer than ours, or that a tool wrote there: they say nothing.
    if (error instanceof InvalidFrameError || error instanceof KafkaError) return null
    throw error
  }
}

/** The commit time of an offset that stands now, from its record if that is about this offset. */
export function recordedCommit(
  found: GroupCommits,
  at: { readonly topic: string; readonly partition: number; readonly offset: bigint },
): CommitTime | null {
  const commit = found.commits.get(at.topic)?.get(at.partition)
  if (commit === undefined || commit.offset !== at.offset) return null
  return { type: 'recorded', atMs: commit.atMs }
}
