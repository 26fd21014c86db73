/** Formats that say at their beginning what they are, and that nothing here reads. */

const formats: readonly { readonly name: string; readonly bytes: readonly number[] }[] = [
  { name: 'gzip-compressed data', bytes: [0x1f, 0x8b] },
  { name: 'zstd-compressed data', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'LZ4-compressed data (a frame)', bytes: [0x04, 0x22, 0x4d, 0x18] },
  { name: 'snappy-compressed data (framed)', bytes: [0xff, 0x06, 0x00, 0x00, 0x73, 0x4e] },
  { name: 'snappy-compressed data (xerial)', bytes: [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59] },
  { name: 'an Avro single object, with the fingerprint of its schema', bytes: [0xc3, 0x01] },
  { name: 'an Avro object container file', bytes: [0x4f, 0x62, 0x6a, 0x01] },
  { name: 'a serialized Java object', bytes: [0xac, 0xed, 0x00, 0x05] },
  { name: 'a Parquet file', bytes: [0x50, 0x41, 0x52, 0x31] },
  { name: 'a ZIP archive', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { name: 'a JPEG image', bytes: [0xff, 0xd8, 0xff] },
  { name: 'a GIF image', bytes: [0x47, 0x49, 0x46, 0x38] },
  { name: 'a PDF document', bytes: [0x25, 0x50, 0x44, 0x46] },
]

/** What the first bytes claim, as `gzip-compressed data`; null where they claim nothing. */
export function formatByMagic(bytes: Uint8Array): string | null {
  const found = formats.find(format => format.bytes.every((byte, at) => bytes[at] === byte))
  return found?.name ?? null
}
