/**
 * `record.rows`: single records, of which one knows the places, as rows. Places of one partition
 * that lie in one answer share it; partitions are read side by side.
 */
import type { Client } from '../../engine/client/client.ts'
import type { ApplicationApi } from '../contract/api.ts'
import { ContractError, type InputOf } from '../contract/define.ts'
import type { RecordRow } from '../contract/model/record.ts'
import { describeMetadata, leadersOf } from '../lookups/cluster-topics.ts'
import { clusterSource } from './cluster-source.ts'
import type { LooseRow, RecordSource, RowBatch } from './record-source.ts'
import { showOptions } from './show-options.ts'
import { partitionKey, type Slot } from './slot.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Places of a search lie apart as often as together: more than one batch, and not a page's worth. */
const FETCH_BYTES = 64 * 1024

type RowsInput = InputOf<ApplicationApi, 'record.rows'>

/** Throws a `ContractError` where a partition cannot be read. */
export async function readRecordRows(
  client: Client,
  input: RowsInput,
  signal: AbortSignal,
): Promise<(RecordRow | null)[]> {
  const { places } = input
  const slots = await slotsOf(client, places, signal)
  const options = { client, slots, isolation: 'read_uncommitted', signal } as const
  const source = clusterSource(options, showOptions(input))
  const numbers = new Map(
    slots.map(({ topic, partition }, slot) => [partitionKey(topic, partition), slot]),
  )
  const wanted = new Map<number, Set<bigint>>(slots.map((_, slot) => [slot, new Set()]))
  const slotOf = (place: Place) => numbers.get(partitionKey(place.topic, place.partition))!
  for (const place of places) wanted.get(slotOf(place))!.add(place.offset)
  const found = await readPlaces(source, wanted)
  return places.map(({ topic, partition, offset }) => {
    const row = found.get(slotOf({ topic, partition }))?.get(offset)
    if (row === undefined) return null
    return { topic, partition, offset, position: 0n, timestampMs: row.timestampMs, ...row.show() }
  })
}

type Place = Pick<RowsInput['places'][number], 'topic' | 'partition'>

/** One for each partition, whatever the number of places in it. */
async function slotsOf(
  client: Client,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<readonly Slot[]> {
  const names = [...new Set(places.map(({ topic }) => topic))]
  const described = names.map(async topic => leadersOf(await describeMetadata(client, topic)))
  const topics = new Map(
    (await unlessAborted(Promise.all(described), signal)).map(({ topic, leaders }) => [
      topic,
      leaders,
    ]),
  )
  const slots = new Map<string, Slot>()
  for (const { topic, partition } of places) {
    const leader = topics.get(topic)?.get(partition) ?? -1
    slots.set(partitionKey(topic, partition), { topic, partition, leader })
  }
  return [...slots.values()]
}

type FoundRows = ReadonlyMap<number, ReadonlyMap<bigint, LooseRow>>

/**
 * Reads each partition from its lowest place on until none is left. Exported for tests, which read
 * from memory.
 */
export async function readPlaces(
  source: RecordSource,
  wanted: ReadonlyMap<number, ReadonlySet<bigint>>,
): Promise<FoundRows> {
  const runs = [...wanted].map(([slot, offsets]) => new PlaceRun(slot, offsets))
  for (;;) {
    const open = runs.filter(run => run.next !== null)
    if (open.length === 0) return new Map(runs.map(run => [run.slot, run.found]))
    const answers = await source.read(
      open.map(({ slot, next }) => ({ slot, offset: next!, maxBytes: FETCH_BYTES })),
    )
    let progressed = false
    for (const run of open) {
      const answer = answers.get(run.slot)
      if (answer === undefined) continue
      if (answer.type === 'batches') {
        progressed = run.take(answer.batches, answer.endOffset) || progressed
        continue
      }
      // What retention took since is no reason to do without the others.
      if (answer.problem.code !== 'OFFSET_OUT_OF_RANGE') throw new ContractError(answer.problem)
      run.skip()
      progressed = true
    }
    // Others filled the answer as often as they can; a broker that gives nothing has nothing.
    if (!progressed) for (const run of open) run.skip()
    await source.pause()
  }
}

/** What is still to be read of one partition. */
class PlaceRun {
  readonly slot: number
  readonly found = new Map<bigint, LooseRow>()
  /** In ascending order. */
  #left: readonly bigint[]

  constructor(slot: number, offsets: ReadonlySet<bigint>) {
    this.slot = slot
    this.#left = [...offsets].sort((a, b) => (a < b ? -1 : 1))
  }

  get next(): bigint | null {
    return this.#left[0] ?? null
  }

  skip(): void {
    this.#left = this.#left.slice(1)
  }

  /** Returns whether anything was learned. */
  take(batches: readonly RowBatch[], endOffset: bigint): boolean {
    for (const batch of batches) this.#takeBatch(batch)
    const reached = batches.at(-1)?.nextOffset ?? null
    const before = this.#left.length
    if (reached !== null) this.#left = this.#left.filter(offset => offset >= reached)
    else this.#left = this.#left.filter(offset => offset < endOffset)
    return this.#left.length < before
  }

  #takeBatch(batch: RowBatch): void {
    const inside = this.#left.filter(
      offset => offset >= batch.baseOffset && offset < batch.nextOffset,
    )
    if (inside.length === 0) return
    const places = new Set(inside)
    const range = { from: inside[0]!, to: inside.at(-1)! + 1n, max: Infinity } as const
    for (const row of batch.rows({ ...range, keep: 'first' }))
      if (places.has(row.offset)) this.found.set(row.offset, row)
  }
}
