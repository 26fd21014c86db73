import type { Problem } from '../contract/define.ts'

/** A record names a partition that the topic does not have. */
export function noPartition(topic: string, partition: number, partitionCount: number): Problem {
  return {
    code: 'UNKNOWN_TOPIC_OR_PARTITION',
    message: `${topic} has no partition ${partition}`,
    remedy: `It has ${partitionCount}, from 0 to ${partitionCount - 1}.`,
  }
}
