/**
 * The offset checkpoints of a log folder: one line for each partition, replaced as a whole.
 * `recovery-point-offset-checkpoint`, `log-start-offset-checkpoint`,
 * `replication-offset-checkpoint` (high watermarks) and `cleaner-offset-checkpoint`.
 */
import type { Disk } from '../ports/disk.ts'
import { OperationalError } from '../support/operational-error.ts'

export interface PartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

export const RECOVERY_POINT_CHECKPOINT = 'recovery-point-offset-checkpoint'
export const LOG_START_CHECKPOINT = 'log-start-offset-checkpoint'
export const HIGH_WATERMARK_CHECKPOINT = 'replication-offset-checkpoint'
export const CLEANER_CHECKPOINT = 'cleaner-offset-checkpoint'

const VERSION = '0'

export function readCheckpoint(disk: Disk, path: string): readonly PartitionOffset[] {
  if (!disk.exists(path)) return []
  const text = Buffer.from(disk.readFile(path)).toString('utf8')
  const [version, count, ...lines] = text.trimEnd().split('\n')
  if (version !== VERSION) throw malformed(path, `version ${version}`)
  if (Number(count) !== lines.length) throw malformed(path, `${lines.length} lines, not ${count}`)
  return lines.map(line => {
    const match = /^(\S+) (\d+) (-?\d+)$/.exec(line)
    if (match === null) throw malformed(path, `line "${line}"`)
    return { topic: match[1]!, partition: Number(match[2]), offset: BigInt(match[3]!) }
  })
}

/** The file's whole text. */
export function formatCheckpoint(offsets: readonly PartitionOffset[]): string {
  const lines = offsets.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}\n`)
  return `${VERSION}\n${lines.length}\n${lines.join('')}`
}

function malformed(path: string, what: string): OperationalError {
  return new OperationalError(`${path}: not an offset checkpoint: ${what}`)
}
