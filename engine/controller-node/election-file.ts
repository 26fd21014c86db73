/** `quorum-state`: the epoch, its leader and this node's vote, as Kafka writes them (version 1). */
import type { Disk } from '../ports/disk.ts'
import type { ElectionState, ElectionStore } from '../raft/raft-log.ts'
import { OperationalError } from '../support/operational-error.ts'

const NO_NODE = -1
export const NO_DIRECTORY = 'AAAAAAAAAAAAAAAAAAAAAA'

export class ElectionFile implements ElectionStore {
  readonly #disk: Disk
  readonly #path: string

  constructor(disk: Disk, folder: string) {
    this.#disk = disk
    this.#path = `${folder}/quorum-state`
  }

  read(): ElectionState | null {
    if (!this.#disk.exists(this.#path)) return null
    const text = Buffer.from(this.#disk.readFile(this.#path)).toString('utf8')
    try {
      const state = JSON.parse(text) as Record<string, unknown> | null
      const { leaderId, leaderEpoch, votedId, votedDirectoryId } = state ?? {}
      if (![leaderId, leaderEpoch, votedId].every(Number.isInteger))
        throw new SyntaxError('leaderId, leaderEpoch or votedId is missing')
      const directoryId = typeof votedDirectoryId === 'string' ? votedDirectoryId : NO_DIRECTORY
      return {
        leaderEpoch: leaderEpoch as number,
        leaderId: leaderId === NO_NODE ? null : (leaderId as number),
        votedFor:
          votedId === NO_NODE
            ? null
            : {
                id: votedId as number,
                directoryId: directoryId === NO_DIRECTORY ? null : directoryId,
              },
      }
    } catch (error) {
      // Waiting for a file that is not ours, or that was spoiled: to vote again would be unsafe.
      if (!(error instanceof SyntaxError)) throw error
      throw new OperationalError(`${this.#path}: ${error.message}`, { cause: error })
    }
  }

  write({ leaderEpoch, leaderId, votedFor }: ElectionState): void {
    const text = JSON.stringify({
      leaderId: leaderId ?? NO_NODE,
      leaderEpoch,
      votedId: votedFor?.id ?? NO_NODE,
      votedDirectoryId: votedFor?.directoryId ?? NO_DIRECTORY,
      data_version: 1,
    })
    this.#disk.writeFileAtomically(this.#path, Buffer.from(text))
  }
}
