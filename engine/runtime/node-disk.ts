/**
 * The machine's files. Synchronous calls, because page-cache work is an order of magnitude
 * cheaper than a trip through the thread pool; only what waits for the device is slow.
 *
 * Where it is given a place for it, it keeps in mind what is written and not flushed.
 */
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Disk, DiskEntry, DiskFile, FolderLock } from '../ports/disk.ts'
import { assert } from '../support/assert.ts'
import { OperationalError } from '../support/operational-error.ts'
import { ALL_FLUSHED, type UnflushedFiles } from './unflushed-files.ts'

export class NodeDisk implements Disk {
  readonly unflushed: UnflushedFiles | null
  /**
   * Whether a flush waits for the device. Not where the folder will be gone before any power could
   * be: then what is flushed is only kept in mind.
   */
  readonly syncs: boolean

  constructor(options: { readonly unflushed?: UnflushedFiles; readonly syncs?: boolean } = {}) {
    this.unflushed = options.unflushed ?? null
    this.syncs = options.syncs ?? true
  }

  open(path: string): DiskFile {
    return attempt('open', path, () => new NodeDiskFile(path, this))
  }

  exists(path: string): boolean {
    return fs.existsSync(path)
  }

  list(folder: string): readonly DiskEntry[] | null {
    return attempt('list', folder, () => {
      const entries = absentAsNull(() => fs.readdirSync(folder, { withFileTypes: true }))
      if (entries === null) return null
      return entries.flatMap(entry => {
        // Of a folder nobody asks more, and a log folder holds ten thousand of them.
        const { name } = entry
        if (entry.isDirectory()) return [{ name, isFolder: true, sizeBytes: 0, modifiedMs: 0 }]
        // A file may go between the listing and the look at it: then it was not there.
        const stats = fs.statSync(join(folder, name), { throwIfNoEntry: false })
        if (stats === undefined) return []
        const isFolder = stats.isDirectory()
        return [{ name, isFolder, sizeBytes: stats.size, modifiedMs: stats.mtimeMs }]
      })
    })
  }

  folderChangedMs(folder: string): number | null {
    return attempt('look at', folder, () => {
      return fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? null
    })
  }

  makeFolder(path: string): void {
    attempt('make', path, () => fs.mkdirSync(path, { recursive: true }))
  }

  readFile(path: string): Uint8Array {
    return attempt('read', path, () => fs.readFileSync(path))
  }

  writeFileAtomically(
    path: string,
    bytes: Uint8Array,
    options: { readonly durable: boolean } = { durable: true },
  ): void {
    attempt('write', path, () => {
      const temporary = `${path}.tmp`
      const descriptor = fs.openSync(temporary, 'w')
      try {
        writeAll(descriptor, bytes, 0)
        if (options.durable && this.syncs) fs.fsyncSync(descriptor)
      } finally {
        fs.closeSync(descriptor)
      }
      fs.renameSync(temporary, path)
      if (options.durable && this.syncs) syncFolder(dirname(path))
      this.unflushed?.set(path, options.durable ? ALL_FLUSHED : 0)
    })
  }

  rename(from: string, to: string): void {
    attempt('rename', from, () => fs.renameSync(from, to))
    this.unflushed?.renamed(from, to)
  }

  flushFolder(path: string): void {
    if (this.syncs) attempt('flush', path, () => syncFolder(path))
  }

  remove(path: string): void {
    attempt('remove', path, () => fs.rmSync(path, { recursive: true, force: true, maxRetries: 3 }))
    this.unflushed?.removed(path)
  }

  space(folder: string): { readonly freeBytes: bigint; readonly totalBytes: bigint } {
    return attempt('measure', folder, () => {
      const stats = fs.statfsSync(folder, { bigint: true })
      return { freeBytes: stats.bavail * stats.bsize, totalBytes: stats.blocks * stats.bsize }
    })
  }

  lock(path: string): FolderLock {
    return attempt('lock', path, () => {
      const holder = absentAsNull(() => fs.readFileSync(path, 'utf8'))
      const holderId = Number.parseInt(holder ?? '', 10)
      if (Number.isInteger(holderId) && holderId !== process.pid && isAlive(holder ?? '', holderId))
        throw new OperationalError(
          `${dirname(path)}: process ${holderId} uses this folder (${basename(path)})`,
        )
      fs.writeFileSync(path, `${process.pid} ${startedAt(process.pid)}\n`)
      return {
        release: () => attempt('release', path, () => fs.rmSync(path, { force: true })),
      }
    })
  }
}

const fdatasync = promisify(fs.fdatasync)

/** Below every position. */
const NOBODY_ASKS = -1

class NodeDiskFile implements DiskFile {
  readonly path: string
  readonly #disk: NodeDisk
  readonly #descriptor: number
  /**
   * A write before this byte changes what the disk keeps in mind. One comparison is thus all that
   * a write costs: bytes behind the first one that is not flushed change nothing. A truncation
   * needs no note: what is then written, is written before that byte.
   */
  #flushedBytes: number
  #isFlushing = false
  #isClosed = false

  constructor(path: string, disk: NodeDisk) {
    this.path = path
    this.#disk = disk
    this.#descriptor = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o644)
    this.#flushedBytes = disk.unflushed?.flushedBytes(path) ?? NOBODY_ASKS
  }

  sizeBytes(): number {
    return attempt('measure', this.path, () => fs.fstatSync(this.#descriptor).size)
  }

  read(target: Uint8Array, targetStart: number, length: number, position: number): number {
    try {
      let done = 0
      while (done < length) {
        const at = targetStart + done
        const n = fs.readSync(this.#descriptor, target, at, length - done, position + done)
        if (n === 0) break
        done += n
      }
      return done
    } catch (error) {
      throw operational('read', this.path, error)
    }
  }

  write(source: Uint8Array, position: number): void {
    // First this: the thread may be ended between the two.
    if (position < this.#flushedBytes) this.#unflushedFrom(position)
    try {
      writeAll(this.#descriptor, source, position)
    } catch (error) {
      throw operational('write', this.path, error)
    }
  }

  truncate(sizeBytes: number): void {
    attempt('truncate', this.path, () => fs.ftruncateSync(this.#descriptor, sizeBytes))
  }

  flush(): void {
    if (this.#disk.syncs) attempt('flush', this.path, () => fs.fdatasyncSync(this.#descriptor))
    if (this.#flushedBytes === NOBODY_ASKS) return
    this.#flushedBytes = ALL_FLUSHED
    this.#disk.unflushed?.set(this.path, ALL_FLUSHED)
  }

  async flushAside(): Promise<void> {
    assert(!this.#isClosed, 'an open file is flushed')
    if (!this.#disk.syncs) return this.flush()
    const { unflushed } = this.#disk
    const isTracked = unflushed !== null
    // What is written from here on is noted anew; in mind stays the old number until all is safe.
    if (isTracked) this.#flushedBytes = ALL_FLUSHED
    this.#isFlushing = true
    try {
      await fdatasync(this.#descriptor)
      if (isTracked && !this.#isClosed) unflushed.set(this.path, this.#flushedBytes)
    } catch (error) {
      if (isTracked)
        this.#flushedBytes = Math.min(this.#flushedBytes, unflushed.flushedBytes(this.path))
      throw operational('flush', this.path, error)
    } finally {
      this.#isFlushing = false
      if (this.#isClosed) fs.closeSync(this.#descriptor)
    }
  }

  #unflushedFrom(position: number): void {
    this.#flushedBytes = position
    this.#disk.unflushed?.lower(this.path, position)
  }

  close(): void {
    this.#isClosed = true
    // The number of a descriptor is given out again: it stays ours while the device works.
    if (!this.#isFlushing) attempt('close', this.path, () => fs.closeSync(this.#descriptor))
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  let done = 0
  while (done < bytes.length)
    done += fs.writeSync(descriptor, bytes, done, bytes.length - done, position + done)
}

/** Windows opens no folders, and syncs renames by itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = fs.openSync(folder, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

function isAlive(holder: string, holderId: number): boolean {
  try {
    process.kill(holderId, 0)
  } catch (error) {
    // Waits for "no such process"; one that may not be signalled is alive all the same.
    if (codeOf(error) === 'ESRCH') return false
  }
  // Process ids come round again: another start time means another process.
  const startedThen = holder.trim().split(' ')[1] ?? ''
  const startedNow = startedAt(holderId)
  return startedThen === '' || startedNow === '' || startedThen === startedNow
}

/** When a process started, in clock ticks since boot; empty where the system does not tell. */
function startedAt(processId: number): string {
  if (process.platform !== 'linux') return ''
  const status = absentAsNull(() => fs.readFileSync(`/proc/${processId}/stat`, 'utf8'))
  return status?.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}

function absentAsNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    // Waits for absence, which is an answer here; anything else goes on.
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Names the path and the remedy: these messages end on a screen. */
function attempt<T>(verb: string, path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw operational(verb, path, error)
  }
}

function operational(verb: string, path: string, error: unknown): OperationalError {
  if (error instanceof OperationalError) return error
  const code = codeOf(error)
  const reasons: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EACCES: 'this user may not',
    EPERM: 'this user may not',
    EROFS: 'the file system is read-only',
    EMFILE: 'this process has too many files open',
    ENFILE: 'this machine has too many files open',
    ENOENT: 'it is not there',
    EIO: 'the device reports an error',
  }
  const reason = reasons[code] ?? (error instanceof Error ? error.message : String(error))
  const suffix = code === '' ? '' : ` (${code})`
  return new OperationalError(`${path}: cannot ${verb} it: ${reason}${suffix}`, { cause: error })
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}
