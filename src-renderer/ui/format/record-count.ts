/** How exact a topic's number of records is, as the sign before it. */
import type { RecordCount } from '../../../src-main/contract/model/topic.ts'

/**
 * `≥` where some partitions do not tell, `≈` where offsets are no count of records, as in a compacted
 * topic, and nothing where every record is counted.
 */
export function recordCountSign(counts: readonly RecordCount[]): '≥ ' | '≈ ' | '' {
  if (counts.some(({ estimate, count }) => estimate && count > 0n)) return '≈ '
  return counts.some(({ missingPartitionCount }) => missingPartitionCount > 0) ? '≥ ' : ''
}
