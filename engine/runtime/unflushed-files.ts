/**
 * Which files hold bytes that were written and not flushed, and where those begin: what a power cut
 * would take. Kept in shared memory of the supervisor's, because the thread is gone when it is read,
 * and over all lives of a node, because a kill leaves the page cache as it is.
 *
 * Files only ever grow at their end or are cut there, so one number tells all. What is flushed is
 * not held at all. One thread writes; the supervisor reads when that thread has ended. Of what an
 * earlier process left in the page cache nothing is known: it counts as flushed.
 */

/** Everything that is there is flushed. */
export const ALL_FLUSHED = Infinity

/** Some half a million files; address space alone until it is used. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024
const MEMORY_BYTES_FIRST = 64 * 1024
const CELL_BYTES = 64
/** Of a cell: how many units it spans, its path's length (0: free), and the number as a double. */
const UNITS = 0
const PATH_LENGTH = 1
const FLUSHED = 1
const HEAD_BYTES = 16
/** The first cell holds how far the memory is used, and whether it once did not suffice. */
const USED_BYTES = 0
const INCOMPLETE = 1

export interface UnflushedFile {
  /** Below the root. */
  readonly path: string
  /** What lies before it survives. */
  readonly flushedBytes: number
}

export class UnflushedFiles {
  readonly #memory: SharedArrayBuffer
  readonly #root: string
  readonly #numbers: Int32Array
  readonly #doubles: Float64Array
  readonly #bytes: Uint8Array
  /** The cells of the files of a folder: logs lie in folders that hold no folders. */
  readonly #cells = new Map<string, Map<string, number>>()
  /** Cells of files that were flushed meanwhile, by their units. */
  readonly #free = new Map<number, number[]>()

  static newMemory(): SharedArrayBuffer {
    const memory = new SharedArrayBuffer(MEMORY_BYTES_FIRST, { maxByteLength: MEMORY_BYTES_MAX })
    new Int32Array(memory)[USED_BYTES] = CELL_BYTES
    return memory
  }

  /** Goes on where an earlier life left off. Paths are kept below the root. */
  constructor(memory: SharedArrayBuffer, root: string) {
    this.#memory = memory
    this.#root = root
    this.#numbers = new Int32Array(memory)
    this.#doubles = new Float64Array(memory)
    this.#bytes = new Uint8Array(memory)
    for (const { cell, path } of this.#used())
      if (path === null) this.#release(cell)
      else this.#enter(`${root}/${path}`, cell)
  }

  /** False once there were more files than it can hold: then some are missing. */
  get complete(): boolean {
    return this.#numbers[INCOMPLETE] === 0
  }

  /** As they are now: what is changed meanwhile is not seen. */
  all(): readonly UnflushedFile[] {
    const files: UnflushedFile[] = []
    for (const { cell, path } of this.#used())
      if (path !== null) files.push({ path, flushedBytes: this.#doubles[cell / 8 + FLUSHED]! })
    return files
  }

  /** `ALL_FLUSHED` for a file that is not held. */
  flushedBytes(path: string): number {
    const cell = this.#cellOf(path)
    return cell === undefined ? ALL_FLUSHED : this.#doubles[cell / 8 + FLUSHED]!
  }

  set(path: string, flushedBytes: number): void {
    if (flushedBytes === ALL_FLUSHED) {
      this.#forget(path)
      return
    }
    const held = this.#cellOf(path)
    if (held === undefined) this.#add(path, flushedBytes)
    else this.#doubles[held / 8 + FLUSHED] = flushedBytes
  }

  /** No more than so much is flushed: there is new content behind it, or none any longer. */
  lower(path: string, flushedBytes: number): void {
    if (flushedBytes < this.flushedBytes(path)) this.set(path, flushedBytes)
  }

  /** A file, or a folder with all its files, has another name now. */
  renamed(from: string, to: string): void {
    const files = this.#cells.get(from)
    this.removed(to)
    if (files === undefined) {
      this.set(to, this.flushedBytes(from))
      this.#forget(from)
      return
    }
    for (const name of this.#namesIn(from)) {
      this.set(`${to}/${name}`, this.flushedBytes(`${from}/${name}`))
      this.#forget(`${from}/${name}`)
    }
  }

  /** A file, or a folder with all its files, is gone. */
  removed(path: string): void {
    for (const name of this.#namesIn(path)) this.#forget(`${path}/${name}`)
    this.#forget(path)
  }

  #add(path: string, flushedBytes: number): void {
    const below = Buffer.from(path.slice(this.#root.length + 1))
    const units = Math.ceil((HEAD_BYTES + below.length) / CELL_BYTES)
    const cell = this.#free.get(units)?.pop() ?? this.#newCell(units)
    if (cell === null) {
      this.#numbers[INCOMPLETE] = 1
      return
    }
    this.#doubles[cell / 8 + FLUSHED] = flushedBytes
    this.#bytes.set(below, cell + HEAD_BYTES)
    // Last, since it makes the rest true.
    this.#numbers[cell / 4 + PATH_LENGTH] = below.length
    this.#enter(path, cell)
  }

  #newCell(units: number): number | null {
    const cell = this.#numbers[USED_BYTES]!
    const end = cell + units * CELL_BYTES
    if (end > MEMORY_BYTES_MAX) return null
    if (end > this.#memory.byteLength)
      this.#memory.grow(Math.min(MEMORY_BYTES_MAX, this.#memory.byteLength * 2))
    this.#numbers[cell / 4 + UNITS] = units
    this.#numbers[USED_BYTES] = end
    return cell
  }

  #forget(path: string): void {
    const [folder, name] = split(path)
    const files = this.#cells.get(folder)
    const cell = files?.get(name)
    if (files === undefined || cell === undefined) return
    files.delete(name)
    if (files.size === 0) this.#cells.delete(folder)
    this.#numbers[cell / 4 + PATH_LENGTH] = 0
    this.#release(cell)
  }

  #release(cell: number): void {
    const units = this.#numbers[cell / 4 + UNITS]!
    const free = this.#free.get(units)
    if (free === undefined) this.#free.set(units, [cell])
    else free.push(cell)
  }

  #namesIn(folder: string): readonly string[] {
    return Array.from(this.#cells.get(folder)?.keys() ?? [])
  }

  #cellOf(path: string): number | undefined {
    const [folder, name] = split(path)
    return this.#cells.get(folder)?.get(name)
  }

  #enter(path: string, cell: number): void {
    const [folder, name] = split(path)
    const files = this.#cells.get(folder)
    if (files === undefined) this.#cells.set(folder, new Map([[name, cell]]))
    else files.set(name, cell)
  }

  /** Every cell in use, in their order; without a path where it is free. */
  *#used(): Iterable<{ readonly cell: number; readonly path: string | null }> {
    const end = this.#numbers[USED_BYTES]!
    for (let cell = CELL_BYTES; cell < end;) {
      const length = this.#numbers[cell / 4 + PATH_LENGTH]!
      const start = cell + HEAD_BYTES
      // Copied, since no text is decoded from shared memory.
      const path = length === 0 ? null : Buffer.from(this.#bytes.slice(start, start + length))
      yield { cell, path: path?.toString() ?? null }
      cell += this.#numbers[cell / 4 + UNITS]! * CELL_BYTES
    }
  }
}

function split(path: string): readonly [folder: string, name: string] {
  const at = path.lastIndexOf('/')
  return [path.slice(0, Math.max(at, 0)), path.slice(at + 1)]
}
