/**
 * A disk in memory that knows the difference between written and durable, so that a test can cut
 * the power, tear a write in the middle, or fill it up.
 *
 * Model: data and sizes of files are durable from `flush` on, per file. Names (creation, rename,
 * removal) are durable at once, as a journalling file system keeps them in order; a file renamed
 * into place without a sync keeps its name and loses its data.
 */
import type { Disk, DiskEntry, DiskFile, FolderLock } from '../../engine/ports/disk.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'

interface MemoryFile {
  bytes: Uint8Array
  size: number
  durable: Uint8Array
  modifiedMs: number
  /** How often it was truncated. */
  cuts: number
}

/** Thrown where the test cut the power: nothing after it happens. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut'
}

export class MemoryDisk implements Disk {
  readonly files = new Map<string, MemoryFile>()
  readonly #folders = new Set<string>()
  /** How often a name in each folder was made, changed or removed; counted over all folders. */
  readonly #changes = new Map<string, number>()
  #changeCount = 0
  readonly #locks = new Set<string>()
  readonly #capacityBytes: number
  nowMs = 0
  /** How many bytes may still be written before everything stops, in the middle of a write. */
  bytesUntilCut = Infinity
  openFiles = 0
  /** Told of each file that something was written to. */
  onWrite: ((path: string) => void) | null = null
  /** How long the device takes for a flush that nobody's thread waits for. */
  deviceWork: () => Promise<void> = () => Promise.resolve()

  constructor({ capacityBytes = Infinity }: { capacityBytes?: number } = {}) {
    this.#capacityBytes = capacityBytes
  }

  get usedBytes(): number {
    return [...this.files.values()].reduce((sum, file) => sum + file.size, 0)
  }

  /** The disk after a power cut: what was flushed, plus as much of the rest as `keep` says. */
  afterPowerCut(keep: (unflushedBytes: number) => number = () => 0): MemoryDisk {
    const next = this.#copy()
    for (const file of next.files.values()) {
      const { durable, size } = file
      const unflushed = Math.max(size - durable.length, 0)
      const kept = new Uint8Array(durable.length + keep(unflushed))
      kept.set(durable)
      kept.set(file.bytes.subarray(durable.length, kept.length), durable.length)
      Object.assign(file, { bytes: kept, size: kept.length, durable: kept.slice() })
    }
    return next
  }

  /** The disk after the process was killed: everything written is there. */
  afterKill(): MemoryDisk {
    return this.#copy()
  }

  #copy(): MemoryDisk {
    const next = new MemoryDisk({ capacityBytes: this.#capacityBytes })
    next.nowMs = this.nowMs
    for (const folder of this.#folders) next.#folders.add(folder)
    for (const [path, file] of this.files)
      next.files.set(path, { ...file, bytes: file.bytes.slice(), durable: file.durable.slice() })
    for (const [folder, count] of this.#changes) next.#changes.set(folder, count)
    next.#changeCount = this.#changeCount
    return next
  }

  open(path: string): DiskFile {
    if (this.bytesUntilCut < 0) throw new PowerCut('the power is gone')
    const folder = parentOf(path)
    if (!this.#folders.has(folder)) throw new OperationalError(`${path}: no folder ${folder}`)
    let file = this.files.get(path)
    if (file === undefined) {
      const empty = new Uint8Array(0)
      file = { bytes: empty, size: 0, durable: empty, modifiedMs: this.nowMs, cuts: 0 }
      this.files.set(path, file)
      this.#noteChange(path)
    }
    this.openFiles++
    return new MemoryDiskFile(this, path, file)
  }

  exists(path: string): boolean {
    return this.files.has(path) || this.#folders.has(path)
  }

  list(folder: string): readonly DiskEntry[] | null {
    if (!this.#folders.has(folder)) return null
    const entries: DiskEntry[] = []
    for (const [path, { size, modifiedMs }] of this.files)
      if (parentOf(path) === folder)
        entries.push({ name: nameOf(path), isFolder: false, sizeBytes: size, modifiedMs })
    for (const path of this.#folders)
      if (parentOf(path) === folder)
        entries.push({ name: nameOf(path), isFolder: true, sizeBytes: 0, modifiedMs: this.nowMs })
    return entries
  }

  folderChangedMs(folder: string): number | null {
    return this.#folders.has(folder) ? (this.#changes.get(folder) ?? 0) : null
  }

  #noteChange(path: string): void {
    this.#changes.set(parentOf(path), ++this.#changeCount)
  }

  makeFolder(path: string): void {
    this.step()
    this.#noteChange(path)
    for (let folder = path; folder !== ''; folder = parentOf(folder)) this.#folders.add(folder)
  }

  readFile(path: string): Uint8Array {
    const file = this.files.get(path)
    if (file === undefined) throw new OperationalError(`${path}: it is not there`)
    return file.bytes.slice(0, file.size)
  }

  writeFileAtomically(
    path: string,
    bytes: Uint8Array,
    options: { readonly durable: boolean } = { durable: true },
  ): void {
    // Torn in the middle, the temporary file is what stays behind.
    const temporary = `${path}.tmp`
    const file = this.open(temporary)
    try {
      file.truncate(0)
      file.write(bytes, 0)
      if (options.durable) file.flush()
    } finally {
      file.close()
    }
    this.rename(temporary, path)
  }

  /** Names are kept as they come. */
  flushFolder(_path: string): void {}

  rename(from: string, to: string): void {
    this.step()
    this.#noteChange(from)
    this.#noteChange(to)
    const file = this.files.get(from)
    if (file !== undefined) {
      this.files.delete(from)
      this.files.set(to, file)
      return
    }
    if (!this.#folders.has(from)) throw new OperationalError(`${from}: it is not there`)
    for (const folder of this.#folders) {
      if (folder !== from && !folder.startsWith(`${from}/`)) continue
      this.#folders.delete(folder)
      this.#folders.add(to + folder.slice(from.length))
      this.#changes.set(to + folder.slice(from.length), this.#changes.get(folder) ?? 0)
    }
    for (const [path, held] of this.files) {
      if (!path.startsWith(`${from}/`)) continue
      this.files.delete(path)
      this.files.set(to + path.slice(from.length), held)
    }
  }

  remove(path: string): void {
    this.step()
    this.#noteChange(path)
    this.files.delete(path)
    this.#folders.delete(path)
    for (const inside of this.files.keys())
      if (inside.startsWith(`${path}/`)) this.files.delete(inside)
    for (const inside of this.#folders)
      if (inside.startsWith(`${path}/`)) this.#folders.delete(inside)
  }

  space(): { readonly freeBytes: bigint; readonly totalBytes: bigint } {
    const total = Number.isFinite(this.#capacityBytes) ? this.#capacityBytes : 2 ** 40
    return { freeBytes: BigInt(total - this.usedBytes), totalBytes: BigInt(total) }
  }

  lock(path: string): FolderLock {
    if (this.#locks.has(path)) throw new OperationalError(`${parentOf(path)}: it is in use`)
    this.#locks.add(path)
    return { release: () => this.#locks.delete(path) }
  }

  /** Accounts for a write; throws in its middle when the power goes, after that many bytes. */
  spend(bytes: number, growth: number, writePartly: (bytes: number) => void): void {
    const excess = this.usedBytes + growth - this.#capacityBytes
    if (growth > 0 && excess > 0) {
      // As real ones do, it takes what still fits.
      writePartly(bytes - Math.min(excess, bytes))
      throw new OperationalError('the disk is full (ENOSPC)')
    }
    if (this.bytesUntilCut < bytes) {
      writePartly(this.bytesUntilCut)
      this.bytesUntilCut = -1
      throw new PowerCut(`in a write of ${bytes} bytes`)
    }
    this.bytesUntilCut -= bytes
    writePartly(bytes)
  }

  /** What moves no bytes (a rename, a removal, a flush) counts for one: the cut may come before. */
  step(): void {
    if (this.bytesUntilCut < 1) {
      this.bytesUntilCut = -1
      throw new PowerCut('before a step')
    }
    this.bytesUntilCut--
  }
}

class MemoryDiskFile implements DiskFile {
  readonly path: string
  readonly #disk: MemoryDisk
  readonly #file: MemoryFile
  #closed = false

  constructor(disk: MemoryDisk, path: string, file: MemoryFile) {
    this.#disk = disk
    this.path = path
    this.#file = file
  }

  sizeBytes(): number {
    return this.#file.size
  }

  read(target: Uint8Array, targetStart: number, length: number, position: number): number {
    this.#check()
    const end = Math.min(position + length, this.#file.size)
    if (end <= position) return 0
    target.set(this.#file.bytes.subarray(position, end), targetStart)
    return end - position
  }

  write(source: Uint8Array, position: number): void {
    this.#check()
    const growth = Math.max(position + source.length - this.#file.size, 0)
    this.#disk.spend(source.length, growth, bytes => this.#put(source.subarray(0, bytes), position))
    this.#disk.onWrite?.(this.path)
  }

  truncate(sizeBytes: number): void {
    this.#check()
    this.#disk.step()
    const file = this.#file
    if (sizeBytes > file.size) this.#put(new Uint8Array(sizeBytes - file.size), file.size)
    file.size = sizeBytes
    file.bytes = file.bytes.slice(0, sizeBytes)
    file.durable = file.durable.slice(0, sizeBytes)
    file.cuts++
    file.modifiedMs = this.#disk.nowMs
  }

  flush(): void {
    this.#check()
    this.#disk.step()
    this.#file.durable = this.#file.bytes.slice(0, this.#file.size)
  }

  async flushAside(): Promise<void> {
    this.#check()
    const file = this.#file
    const { cuts } = file
    const written = file.bytes.slice(0, file.size)
    try {
      this.#disk.step()
      await this.#disk.deviceWork()
      if (cuts === file.cuts && written.length > file.durable.length) file.durable = written
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
      // Nobody is there any more to hear of it.
      await new Promise(() => {})
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#disk.openFiles--
  }

  #put(source: Uint8Array, position: number): void {
    const file = this.#file
    const end = position + source.length
    if (end > file.bytes.length) {
      const larger = new Uint8Array(Math.max(end, file.bytes.length * 2))
      larger.set(file.bytes.subarray(0, file.size))
      file.bytes = larger
    }
    file.bytes.set(source, position)
    file.size = Math.max(file.size, end)
    file.modifiedMs = this.#disk.nowMs
  }

  #check(): void {
    if (this.#closed) throw new OperationalError(`${this.path}: the file is closed`)
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0))
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
