/** A record that is ready to be written into a batch. */

export interface MadeRecord {
  readonly key: Uint8Array | null
  /** Null is a tombstone. */
  readonly value: Uint8Array | null
  readonly headers: readonly MadeHeader[]
  readonly timestampMs: number
  /** Null leaves it to the partitioner. */
  readonly partition: number | null
}

export interface MadeHeader {
  /** UTF-8. */
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

/** Key, value and headers, as pages count a record's size. */
export function sizeOfRecord({ key, value, headers }: MadeRecord): number {
  let size = (key?.length ?? 0) + (value?.length ?? 0)
  for (const header of headers) size += header.key.length + (header.value?.length ?? 0)
  return size
}
