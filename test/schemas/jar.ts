/** Reads the files of a jar (a zip): the directory is at its end, entries are deflated or plain. */
import { inflateRawSync } from 'node:zlib'

const END_SIGNATURE = 0x06054b50
const ENTRY_SIGNATURE = 0x02014b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_HEADER_BYTES = 30
const COMMENT_BYTES_MAX = 0xffff
const STORED = 0

/** The contents of every file whose path `wanted` accepts, by path. */
export function readJar(jar: Buffer, wanted: (path: string) => boolean): Map<string, Buffer> {
  const end = endOfDirectory(jar)
  const count = jar.readUInt16LE(end + 10)
  const files = new Map<string, Buffer>()
  let at = jar.readUInt32LE(end + 16)
  for (let read = 0; read < count; read++) {
    if (jar.readUInt32LE(at) !== ENTRY_SIGNATURE)
      throw new TypeError(`no jar: entry ${read} has no signature`)
    const nameBytes = jar.readUInt16LE(at + 28)
    const path = jar.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)
    if (wanted(path)) files.set(path, contentsOf(jar, at))
    at += ENTRY_BYTES + nameBytes + jar.readUInt16LE(at + 30) + jar.readUInt16LE(at + 32)
  }
  return files
}

function endOfDirectory(jar: Buffer): number {
  const first = Math.max(0, jar.length - END_BYTES - COMMENT_BYTES_MAX)
  for (let at = jar.length - END_BYTES; at >= first; at--)
    if (jar.readUInt32LE(at) === END_SIGNATURE) return at
  throw new TypeError('no jar: no end of directory')
}

function contentsOf(jar: Buffer, entry: number): Buffer {
  const method = jar.readUInt16LE(entry + 10)
  const size = jar.readUInt32LE(entry + 20)
  const header = jar.readUInt32LE(entry + 42)
  const start =
    header + LOCAL_HEADER_BYTES + jar.readUInt16LE(header + 26) + jar.readUInt16LE(header + 28)
  const contents = jar.subarray(start, start + size)
  return method === STORED ? contents : inflateRawSync(contents)
}
