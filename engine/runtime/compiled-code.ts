/**
 * Runs a file of code with what V8 compiled of it in an earlier run, kept in a file beside it. Node's
 * own compile cache keeps only the functions that V8 compiles as it loads a file; most of what a node
 * needs to start is compiled when it is first called, in each of six threads again.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { Script } from 'node:vm'
import { threadId } from 'node:worker_threads'
import { crc32 } from 'node:zlib'

/** By then a node has started, and what it called is compiled. */
const KEEP_AFTER_MS = 1_000
const CHECKSUM_BYTES = 4

/**
 * The file, in ASCII, is the expression of a function that takes what a CommonJS module does: wrapped
 * here, its source would be held twice by a thread that collects its garbage once in hours.
 * `version` tells one content of the file from the next: V8 itself compares no more than lengths. What
 * is kept is ignored where it is damaged or of another V8, and is not needed at all.
 */
export function runCompiled(file: string, version: string): void {
  const keptFile = `${file}.${version}.${cachedDataVersionTag().toString(16)}.v8`
  const cachedData = readKept(keptFile)
  const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData })
  if (cachedData === undefined || script.cachedDataRejected === true) keepLater(script, keptFile)
  const run = script.runInThisContext() as (...locals: unknown[]) => void
  run(createRequire(file), file, dirname(file))
}

function keepLater(script: Script, keptFile: string): void {
  const keep = () => {
    clearTimeout(timer)
    process.off('exit', keep)
    writeKept(keptFile, script.createCachedData())
  }
  const timer = setTimeout(keep, KEEP_AFTER_MS).unref()
  process.once('exit', keep)
}

/** V8 takes damaged code for good. */
function readKept(keptFile: string): Buffer | undefined {
  let kept: Buffer
  try {
    kept = readFileSync(keptFile)
  } catch {
    // The first start of this build on this V8.
    return undefined
  }
  if (kept.length < CHECKSUM_BYTES) return undefined
  const data = kept.subarray(CHECKSUM_BYTES)
  return crc32(data) === kept.readUInt32BE() ? data : undefined
}

/** Several threads may do so at once. */
function writeKept(keptFile: string, data: Buffer): void {
  const checksum = Buffer.alloc(CHECKSUM_BYTES)
  checksum.writeUInt32BE(crc32(data))
  const written = `${keptFile}.${process.pid}-${threadId}`
  try {
    writeFileSync(written, Buffer.concat([checksum, data]))
    renameSync(written, keptFile)
  } catch {
    // A folder that takes no files, or is gone: the next start compiles again.
    rmSync(written, { force: true })
  }
}
