/**
 * The open files of one log folder: at most a fixed number, the longest unused closed first.
 * Segments ask for their files by path at every use and keep none, so that forty thousand
 * partitions need no forty thousand descriptors.
 */
import type { Disk, DiskFile } from '../ports/disk.ts'

/** Well below the usual limit of 1024 descriptors, which sockets share. */
export const OPEN_FILES_MAX = 400

export class FileCache {
  readonly disk: Disk
  readonly #openMax: number
  /** In order of use, the oldest first, once the cache is half full. */
  readonly #files = new Map<string, DiskFile>()

  constructor(disk: Disk, openMax = OPEN_FILES_MAX) {
    this.disk = disk
    this.#openMax = openMax
  }

  get openCount(): number {
    return this.#files.size
  }

  /** The file, opened where it is not, and created where it does not exist. */
  file(path: string): DiskFile {
    const held = this.#files.get(path)
    if (held !== undefined) {
      if (this.#files.size * 2 > this.#openMax) {
        this.#files.delete(path)
        this.#files.set(path, held)
      }
      return held
    }
    while (this.#files.size >= this.#openMax) {
      const [oldest] = this.#files.keys()
      this.close(oldest!)
    }
    const opened = this.disk.open(path)
    this.#files.set(path, opened)
    return opened
  }

  close(path: string): void {
    const held = this.#files.get(path)
    if (held === undefined) return
    this.#files.delete(path)
    held.close()
  }

  /** Closes what is open below a folder: Windows renames and removes no open files. */
  closeUnder(folder: string): void {
    const prefix = `${folder}/`
    for (const path of this.#files.keys()) if (path.startsWith(prefix)) this.close(path)
  }

  /** Renames a file, closed first. */
  rename(from: string, to: string): void {
    this.close(from)
    this.close(to)
    this.disk.rename(from, to)
  }

  remove(path: string): void {
    this.close(path)
    this.disk.remove(path)
  }

  closeAll(): void {
    for (const path of this.#files.keys()) this.close(path)
  }
}
