import { expect, test } from 'vitest'
import { ElectionFile } from '../../../engine/controller-node/election-file.ts'
import { OperationalError } from '../../../engine/support/operational-error.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'

test('what was written is read again, and outlives the power', () => {
  const disk = new MemoryDisk()
  disk.makeFolder('/log')
  expect(fileOn(disk).read()).toBe(null)
  const state = {
    leaderEpoch: 7,
    leaderId: null,
    votedFor: { id: 3001, directoryId: 'JhAaUwspQzyCbLwydkrjUA' },
  }
  fileOn(disk).write(state)
  const later = disk.afterPowerCut(() => 0)
  expect(fileOn(later).read()).toEqual(state)
})

test("the file is Kafka's, version 1", () => {
  const disk = new MemoryDisk()
  disk.makeFolder('/log')
  fileOn(disk).write({ leaderEpoch: 2, leaderId: 3000, votedFor: null })
  expect(Buffer.from(disk.readFile('/log/quorum-state')).toString()).toBe(
    '{"leaderId":3000,"leaderEpoch":2,"votedId":-1,' +
      '"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}',
  )
})

test('a file that says nothing is refused: a vote might be given twice', () => {
  const disk = new MemoryDisk()
  disk.makeFolder('/log')
  const texts = ['', 'null', '[]', '{"leaderId":1', '{"leaderId":1,"leaderEpoch":"x","votedId":-1}']
  for (const text of texts) {
    disk.writeFileAtomically('/log/quorum-state', Buffer.from(text))
    expect(() => fileOn(disk).read()).toThrow(OperationalError)
  }
})

function fileOn(disk: MemoryDisk): ElectionFile {
  return new ElectionFile(disk, '/log')
}
