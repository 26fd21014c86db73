/**
 * Large files that nothing reads any more, removed in pieces: to unlink a segment frees hundreds of
 * thousands of pages in one go, and whoever calls it stands still meanwhile (54 ms for 400 MB).
 *
 * It knows no clock: whoever put files in calls `cut` until there is nothing left.
 */
import type { Disk, DiskFile } from '../ports/disk.ts'

/** Smaller ones are removed at once. */
const LARGE_BYTES_MIN = 4 * 1024 * 1024

interface LeftFile {
  readonly path: string
  bytes: number
  /** The folder that goes with the last of its large files; null for a file that goes alone. */
  readonly folder: LeftFolder | null
}

interface LeftFolder {
  readonly path: string
  fileCount: number
}

export class PiecewiseRemovals {
  readonly #disk: Disk
  /** The first is the one that is being cut. */
  #files: LeftFile[] = []
  #open: DiskFile | null = null

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Takes over a folder with all in it: it is gone for everyone else. */
  takeFolder(path: string): void {
    const large = (this.#disk.list(path) ?? []).filter(
      ({ sizeBytes }) => sizeBytes >= LARGE_BYTES_MIN,
    )
    if (large.length === 0) {
      this.#disk.remove(path)
      return
    }
    const folder = { path, fileCount: large.length }
    for (const { name, sizeBytes } of large)
      this.#files.push({ path: `${path}/${name}`, bytes: sizeBytes, folder })
  }

  takeFile(path: string): void {
    const bytes = this.#sizeOf(path)
    if (bytes < LARGE_BYTES_MIN) this.#disk.remove(path)
    else this.#files.push({ path, bytes, folder: null })
  }

  /** Removes at most so many bytes; says whether there are more. */
  cut(bytesMax: number): boolean {
    let left = bytesMax
    while (left > 0 && this.#files.length > 0) {
      const file = this.#files[0]!
      if (file.bytes > left) {
        file.bytes -= left
        this.#open ??= this.#disk.open(file.path)
        this.#open.truncate(file.bytes)
        break
      }
      left -= file.bytes
      this.#files.shift()
      this.#remove(file)
    }
    return this.#files.length > 0
  }

  /** The folder gets another name: what lay in it will be taken over with it. */
  forgetUnder(folder: string): void {
    const prefix = `${folder}/`
    if (!this.#files.some(({ path }) => path.startsWith(prefix))) return
    this.#close()
    this.#files = this.#files.filter(({ path }) => !path.startsWith(prefix))
  }

  /** Leaves everything where it is. */
  abandon(): void {
    this.#close()
    this.#files = []
  }

  #remove({ path, folder }: LeftFile): void {
    this.#close()
    if (folder !== null && --folder.fileCount > 0) this.#disk.remove(path)
    else this.#disk.remove(folder?.path ?? path)
  }

  #close(): void {
    this.#open?.close()
    this.#open = null
  }

  #sizeOf(path: string): number {
    const file = this.#disk.open(path)
    try {
      return file.sizeBytes()
    } finally {
      file.close()
    }
  }
}
