/** The name of a row, which is also its place in an address: `3:10482`, or `payments:0:7`. */
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import { writePlace } from '../query/address.ts'

export type KeyOfRow = (row: Pick<RecordRow, 'topic' | 'partition' | 'offset'>) => string

/** Records of the page's own topic leave the topic out. */
export function keyOfRow(pageTopic: string): KeyOfRow {
  return ({ topic, partition, offset }) =>
    writePlace({ topic: topic === pageTopic ? null : topic, partition, offset })
}
