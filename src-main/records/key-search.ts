/**
 * `record.by-key`: the record before or after one that has the same key.
 *
 * Keys have no index, so partitions are read, decompressed and compared, one bounded stretch a
 * call: whoever wants more goes on from where the stretch ended, and can stop in between. Equal
 * keys stand in one partition unless partitions were added or a producer chose them itself, so only
 * the record's own is read unless others are asked for; then the nearest in time is the answer.
 */
import type { Client } from '../../engine/client/client.ts'
import type { ApplicationApi } from '../contract/api.ts'
import { unpackCut } from '../contract/cut.ts'
import type { InputOf } from '../contract/define.ts'
import type { KeySearch, PartitionProblem } from '../contract/model/record.ts'
import { problemOf } from '../contract/problem.ts'
import { fetchPartitions, type FetchedPartition, type FetchOptions } from './cluster-source.ts'
import type { Offsets } from './cut.ts'
import { keyRun, type KeyRun } from './key-run.ts'
import { pause } from './pause.ts'
import { openView, type RecordView } from './record-view.ts'
import { cutOf, offsetsOf, problemOfSlot } from './slot.ts'
import { offsetsAtTime } from './view-places.ts'

const BYTES_MAX = 32 * 1024 * 1024
/** Decompressed between two turns of others. */
const BREATH_BYTES = 8 * 1024 * 1024
const ROUND_BYTES = 4 * 1024 * 1024
const PARTITION_BYTES_MIN = 64 * 1024

export type KeyInput = InputOf<ApplicationApi, 'record.by-key'>

export interface KeySearchOptions {
  readonly client: Client
  readonly signal: AbortSignal
  /** Of the record that the search begins at; asked only where other partitions are searched. */
  readonly timestampOf: () => Promise<bigint>
}

export async function searchKey(input: KeyInput, options: KeySearchOptions): Promise<KeySearch> {
  const { client, signal } = options
  const { topic, partition, key, direction, bytesMax = BYTES_MAX } = input
  const partitions = input.partitions === undefined ? [partition] : input.partitions
  const view = await openView(client, { sources: [{ topic, partitions }], base: null }, signal)
  const { slots, isolation, start, end } = view
  const from = await beginOf(input, view, options)
  const runs = [...view.base.keys()].map(slot =>
    keyRun(direction, {
      slot,
      key,
      start: start.get(slot)!,
      end: end.get(slot)!,
      from: from.get(slot)!,
    }),
  )
  const search = new Rounds({ client, slots, isolation, signal }, runs, direction)
  while (search.readBytes < bytesMax && search.begin())
    await search.readOn(Math.min(ROUND_BYTES, bytesMax - search.readBytes))
  const { nearest, decided } = search
  const reached = new Map(runs.map(({ slot, reached: offset }) => [slot, offset]))
  const found = decided && nearest !== null ? nearest : null
  return {
    found: found && { topic, partition: slots[found.slot]!.partition, offset: found.offset },
    next: decided ? null : cutOf(reached, slots),
    readRecords: runs.reduce((sum, { records }) => sum + records, 0),
    readBytes: search.readBytes,
    leftCount: runs.reduce((sum, { leftCount }) => sum + leftCount, 0n),
    problems: [...view.problems, ...search.problems],
  }
}

/** The record's own partition right beside it; others from its time on. */
async function beginOf(
  { partition, offset, direction, from }: KeyInput,
  view: RecordView,
  { client, signal, timestampOf }: KeySearchOptions,
): Promise<Offsets> {
  const { slots, base } = view
  const own = direction === 'forward' ? offset + 1n : offset
  const others = [...base.keys()].some(slot => slots[slot]!.partition !== partition)
  const atTime =
    others && from === null
      ? await offsetsAtTime(client, view, await timestampOf(), signal)
      : view.start
  const given = from === null ? null : offsetsOf(unpackCut(from), slots)
  return new Map(
    [...base.keys()].map(slot => [
      slot,
      given?.get(slot) ?? (slots[slot]!.partition === partition ? own : atTime.get(slot)!),
    ]),
  )
}

interface Nearest {
  readonly slot: number
  readonly offset: bigint
  readonly timestampMs: bigint
}

/** Reads all partitions that can still hold the nearest record, round by round. */
class Rounds {
  readonly #options: FetchOptions
  readonly #runs: readonly KeyRun[]
  readonly #direction: 'forward' | 'backward'
  readonly problems: PartitionProblem[] = []
  #breathBytes = 0
  readBytes = 0

  constructor(options: FetchOptions, runs: readonly KeyRun[], direction: 'forward' | 'backward') {
    this.#options = options
    this.#runs = runs
    this.#direction = direction
  }

  /** Of the records that were found, the one whose time is nearest. */
  get nearest(): Nearest | null {
    let nearest: Nearest | null = null
    const sign = this.#direction === 'forward' ? 1n : -1n
    for (const { slot, match } of this.#runs)
      if (
        match !== null &&
        (nearest === null || sign * match.timestampMs < sign * nearest.timestampMs)
      )
        nearest = { slot, ...match }
    return nearest
  }

  /** Whether nothing that is left to read could change the answer. */
  get decided(): boolean {
    return this.#undecided().length === 0
  }

  /** Sets every partition going that is to be read; false when there is none. */
  begin(): boolean {
    const undecided = this.#undecided()
    for (const run of undecided) run.begin()
    return undecided.length > 0
  }

  /** Until each partition stands where the search could stop. */
  async readOn(roundBytes: number): Promise<void> {
    for (;;) {
      const open = this.#runs.flatMap(run =>
        run.readAt === null ? [] : { run, offset: run.readAt },
      )
      if (open.length === 0) return
      const maxBytes = Math.max(PARTITION_BYTES_MIN, Math.floor(roundBytes / open.length))
      const wanted = open.map(({ run, offset }) => ({ slot: run.slot, offset, maxBytes }))
      const answers = await fetchPartitions(this.#options, wanted)
      for (const { run } of open) await this.#take(run, answers.get(run.slot))
    }
  }

  async #take(run: KeyRun, answer: FetchedPartition | undefined): Promise<void> {
    if (answer === undefined) return
    if (answer.type === 'problem') {
      this.#fail(run, answer.problem)
      return
    }
    this.readBytes += answer.records.length
    const searched = run.receive(answer.records, answer.endOffset)
    let unpackedBytes = this.#next(run, searched)
    for (; unpackedBytes !== null; unpackedBytes = this.#next(run, searched)) {
      this.#breathBytes += unpackedBytes
      if (this.#breathBytes < BREATH_BYTES) continue
      this.#breathBytes = 0
      await pause(this.#options.signal)
    }
  }

  #next(run: KeyRun, searched: Generator<number, void>): number | null {
    try {
      const { done, value } = searched.next()
      return done === true ? null : (value ?? 0)
    } catch (error) {
      // A batch that cannot be decoded ends its own partition's part, and the page says so.
      this.#fail(run, problemOf(error))
      return null
    }
  }

  #fail(run: KeyRun, problem: PartitionProblem['problem']): void {
    run.fail()
    this.problems.push(problemOfSlot(this.#options.slots[run.slot]!, problem))
  }

  /** Partitions that could still hold a nearer record. */
  #undecided(): KeyRun[] {
    const { nearest } = this
    return this.#runs.filter(
      run =>
        run.match === null &&
        run.leftCount > 0n &&
        !run.failed &&
        (nearest === null || !run.passed(nearest.timestampMs)),
    )
  }
}
