/**
 * The metadata that the cluster has held out as committed, kept outside of it: read from the
 * controllers' disks as soon as anyone acts on it, and never given up again. Whatever a
 * controller or a broker says later is held against it.
 */
import { readVoters } from '../../engine/controller-node/voter-records.ts'
import { MetadataImage, type MetadataChange } from '../../engine/controller/metadata-image.ts'
import { decodeMetadataRecord } from '../../engine/protocol/metadata-records/metadata-record.ts'
import { isControl } from '../../engine/protocol/records/record-batch.ts'
import { readRecords } from '../../engine/protocol/records/record-reader.ts'
import { imageText } from './image-comparison.ts'
import type { MemoryDisk } from './memory-disk.ts'
import { metadataBatches, snapshotEnd, type MetadataBatch } from './metadata-batches.ts'
import { hold } from './violation.ts'

export interface ControllerDisk {
  readonly nodeId: number
  readonly name: string
  readonly disk: MemoryDisk
  readonly folder: string
}

interface HeldLog {
  readonly name: string
  /** From what is known already. */
  readonly batches: readonly MetadataBatch[]
}

export class CommittedMetadata {
  readonly image = new MetadataImage()
  /** All below it is committed. */
  nextOffset = 0n
  readonly #marks = new Map<bigint, string>()
  readonly #onChange: (change: MetadataChange) => void
  /** Of the image as it is now; made when it is first needed. */
  #text: string | null = null

  /** By what is committed. */
  #voters: readonly number[]

  constructor(firstVoters: readonly number[], onChange: (change: MetadataChange) => void) {
    this.#voters = firstVoters
    this.#onChange = onChange
  }

  /** Somebody acts on what lies up to `lastOffset`: so a majority has it for good. */
  learn(lastOffset: bigint, disks: readonly ControllerDisk[]): void {
    if (lastOffset < this.nextOffset) return
    const logs = disks
      .map(each => ({ nodeId: each.nodeId, name: each.name, batches: [...this.#batches(each)] }))
      .filter(({ batches }) =>
        batches.some(each => each.isDurable && each.lastOffset >= lastOffset),
      )
    const holders = logs.map(({ name }) => name).join(', ')
    // Voters hold from where they are written: a leader counts those that it has written last.
    const voterSets = [this.#voters, ...logs.flatMap(({ batches }) => batches.flatMap(votersIn))]
    const isMajority = (voters: readonly number[]) =>
      logs.filter(({ nodeId }) => voters.includes(nodeId)).length * 2 > voters.length
    hold(
      voterSets.some(isMajority),
      `metadata up to ${lastOffset} is acted upon, and only ${holders || 'nobody'} has it, ` +
        `while ${this.#voters.join()} vote`,
    )
    const { name, batches } = this.#mostOf(logs)
    for (const batch of batches) {
      if (batch.baseOffset > lastOffset) break
      hold(
        batch.baseOffset === this.nextOffset,
        `${name}: metadata goes on at ${batch.baseOffset}, not at ${this.nextOffset}`,
      )
      this.#take(batch)
    }
  }

  /** A controller that leads has everything, and everyone has it as it is. */
  verifyHolds(controller: ControllerDisk): void {
    let end = snapshotEnd(controller.disk, controller.folder)
    for (const { baseOffset, lastOffset, mark } of metadataBatches(
      controller.disk,
      controller.folder,
      0n,
    )) {
      const committed = this.#marks.get(baseOffset)
      hold(
        baseOffset >= this.nextOffset || committed === undefined || committed === mark,
        `${controller.name}: committed metadata at ${baseOffset} was ${committed}, is ${mark}`,
      )
      if (lastOffset >= end) end = lastOffset + 1n
    }
    hold(
      end >= this.nextOffset,
      `${controller.name} leads, and its metadata ends at ${end} of ${this.nextOffset} committed`,
    )
  }

  /** An image that has replayed as much is the same. */
  verifyImage(who: string, image: MetadataImage): void {
    // One that began with a snapshot counts the control records behind the last decision.
    const isLevel = image.lastOffset >= this.image.lastOffset && image.lastOffset < this.nextOffset
    if (!isLevel) return
    this.#text ??= imageText(this.image)
    const text = imageText(image)
    if (text === this.#text) return
    hold(false, `${who} knows another cluster than was committed: ${difference(text, this.#text)}`)
  }

  /**
   * The log of the latest epoch. One that began with a snapshot may lack what nobody has acted upon
   * so far, as a new leader's own records: another that has the same batch there has all before it.
   */
  #mostOf(logs: readonly HeldLog[]): HeldLog {
    const newest = logs.toSorted((a, b) => epochOf(b.batches) - epochOf(a.batches))[0]!
    const first = newest.batches[0]!
    if (first.baseOffset <= this.nextOffset) return newest
    const hasItAll = ({ batches }: HeldLog) =>
      batches[0]!.baseOffset === this.nextOffset &&
      batches.some(each => each.baseOffset === first.baseOffset && each.mark === first.mark)
    return logs.find(hasItAll) ?? newest
  }

  #batches({ disk, folder }: ControllerDisk): Iterable<MetadataBatch> {
    return metadataBatches(disk, folder, this.nextOffset)
  }

  #take(batch: MetadataBatch): void {
    const { bytes, at, baseOffset, lastOffset, leaderEpoch, mark } = batch
    this.#marks.set(baseOffset, mark)
    this.nextOffset = lastOffset + 1n
    this.#text = null
    const [voters] = votersIn(batch)
    if (voters !== undefined) this.#voters = voters
    if (isControl(bytes, at)) return
    for (const { offset, value } of readRecords(bytes, at)) {
      if (value === null) continue
      const change = this.image.replay(decodeMetadataRecord(value), offset, leaderEpoch)
      if (change !== null) this.#onChange(change)
    }
  }
}

/** Who votes from this batch on, where it says so. */
function votersIn({ bytes, at }: MetadataBatch): (readonly number[])[] {
  const voters = isControl(bytes, at) ? readVoters(bytes, at) : null
  return voters === null ? [] : [[...voters.keys()]]
}

function epochOf(batches: readonly MetadataBatch[]): number {
  return batches.at(-1)?.leaderEpoch ?? -1
}

export function difference(one: string, other: string): string {
  let at = 0
  while (one[at] === other[at] && at < one.length) at++
  const from = Math.max(at - 40, 0)
  return `…${one.slice(from, at + 120)}… instead of …${other.slice(from, at + 120)}…`
}
