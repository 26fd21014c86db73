import { describe, expect, test } from 'vitest'
import { MetadataImage } from '../../../engine/controller/metadata-image.ts'
import { MetadataLog, metadataLogConfig } from '../../../engine/controller-node/metadata-log.ts'
import { LogFolder } from '../../../engine/log/log-folder.ts'
import { encodeMetadataRecord } from '../../../engine/protocol/metadata-records/metadata-record.ts'
import type { LogPlace } from '../../../engine/raft/raft-log.ts'
import { fixedVoters, voterSetOf } from '../../../engine/raft/voter-set.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'

const nowMs = 0
const NO_OP = [encodeMetadataRecord({ type: 'NoOpRecord', value: {} })]
const named = voterSetOf(
  [3000, 3001].map(id => ({ id, directoryId: 'c29tZSBkaXJlY3RvcnkhIQ', endpoints: [] })),
)

describe("a leader's snapshot", () => {
  test('stands for a longer log of an older epoch after a stop before the log was emptied', () => {
    const disk = new MemoryDisk()
    const log = opened(disk)
    begin(log, 3)
    for (let count = 0; count < 10; count++) log.append([NO_OP], { leaderEpoch: 3, nowMs })
    const { snapshot, bytes } = snapshotOf({ leaderEpoch: 5 })
    expect(log.endOffset).toBeGreaterThan(snapshot.endOffset)
    log.writeSnapshotPart(snapshot, 0n, bytes)
    log.snapshots.finish(snapshot)

    const again = opened(disk.afterKill())
    expect(again.latestSnapshot).toEqual(snapshot)
    expect({ endOffset: again.endOffset, leaderEpoch: again.latestEpoch }).toEqual(snapshot)
    expect(again.startOffset).toBe(snapshot.endOffset)
  })

  test('of its own leaves the log what it was', () => {
    const disk = new MemoryDisk()
    const log = opened(disk)
    begin(log, 3)
    log.takeSnapshot(new MetadataImage(), nowMs)
    log.append([NO_OP], { leaderEpoch: 3, nowMs })
    const again = opened(disk.afterKill())
    expect(again.endOffset).toBe(2n)
    expect(again.startOffset).toBe(0n)
  })

  test('is a place to go on from, also where a later epoch begins right behind it', () => {
    const log = opened(new MemoryDisk())
    begin(log, 2)
    log.append([NO_OP], { leaderEpoch: 2, nowMs })
    log.takeSnapshot(new MetadataImage(), nowMs)
    const first = log.latestSnapshot!
    begin(log, 3)
    log.takeSnapshot(new MetadataImage(), nowMs)
    log.log.deleteRecordsBefore(first.endOffset)
    expect(log.earliestSnapshot).toEqual(first)
    expect(log.latestSnapshot).toEqual({ endOffset: 3n, leaderEpoch: 3 })
    // Whoever has taken the first, of the epoch before, is not told that his log is another one.
    expect(log.endOfEpoch(2)).toEqual(first)
  })

  test('that names no voters takes those away that the log before it named', () => {
    const log = opened(new MemoryDisk())
    begin(log, 3)
    log.appendVoters(named, { leaderEpoch: 3, nowMs })
    expect(log.voters).toEqual(named)
    const { snapshot, bytes } = snapshotOf({ leaderEpoch: 5 })
    log.writeSnapshotPart(snapshot, 0n, bytes)
    log.finishSnapshot(snapshot, { nowMs })
    expect(log.voters).toEqual(fixedVoters([3000]))
  })
})

/** As another node has it, whose voters are fixed. */
function snapshotOf(of: { readonly leaderEpoch: number }): {
  readonly snapshot: LogPlace
  readonly bytes: Uint8Array
} {
  const log = opened(new MemoryDisk())
  begin(log, of.leaderEpoch)
  log.takeSnapshot(new MetadataImage(), nowMs)
  const snapshot = log.latestSnapshot!
  return { snapshot, bytes: log.snapshots.readPart(snapshot, 0n, 1024 * 1024) }
}

function begin(log: MetadataLog, leaderEpoch: number): void {
  log.appendLeaderChange({ leaderEpoch, leaderId: 3000, grantingVoters: [3000], nowMs })
}

function opened(disk: MemoryDisk): MetadataLog {
  const folder = LogFolder.open({
    disk,
    folder: '/controller',
    clusterId: 'Q2x1c3RlciBvZiBjb250cm9s',
    nodeId: 3000,
    directoryId: 'c29tZSBkaXJlY3RvcnkhIQ',
    configFor: () => metadataLogConfig,
    producerIdExpirationMs: Infinity,
    nowMs,
  })
  return new MetadataLog(folder, { disk, nowMs, formattedVoters: [3000] })
}
