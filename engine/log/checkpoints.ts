/**
 * Writes the checkpoints of a log folder: each file as a whole, and only when it says something new.
 *
 * To sync even a small file waits for what else the device has to write, which behind a load are
 * hundreds of megabytes: tens of milliseconds in which a broker would answer nobody. By the clock
 * they are therefore synced aside, and put in place when they are safe.
 */
import type { Disk } from '../ports/disk.ts'
import { formatCheckpoint, type PartitionOffset } from './checkpoint-file.ts'

type Offsets = ReadonlyMap<string, PartitionOffset>

export class Checkpoints {
  readonly #disk: Disk
  readonly #folder: string
  readonly #written = new Map<string, string>()
  /** What is being synced aside; dropped where it is no longer here when that is done. */
  readonly #pending = new Map<string, { readonly text: string }>()

  constructor(disk: Disk, folder: string) {
    this.#disk = disk
    this.#folder = folder
  }

  write(name: string, offsets: Offsets, options: { readonly durable: boolean }): void {
    const text = formatCheckpoint([...offsets.values()])
    this.#pending.delete(name)
    if (this.#written.get(name) === text) return
    this.#disk.writeFileAtomically(`${this.#folder}/${name}`, Buffer.from(text), options)
    this.#written.set(name, text)
  }

  /**
   * Resolves when the file is in place, or dropped for a later one. A power cut may still bring back
   * the one before it, whole.
   */
  async writeAside(name: string, offsets: Offsets): Promise<void> {
    const text = formatCheckpoint([...offsets.values()])
    if (this.#pending.get(name)?.text === text) return
    this.#pending.delete(name)
    if (this.#written.get(name) === text) return
    const mine = { text }
    this.#pending.set(name, mine)
    const path = `${this.#folder}/${name}`
    const file = this.#disk.open(`${path}.tmp`)
    try {
      file.truncate(0)
      file.write(Buffer.from(text), 0)
      await file.flushAside()
    } finally {
      file.close()
    }
    if (this.#pending.get(name) !== mine) return
    this.#pending.delete(name)
    this.#disk.rename(`${path}.tmp`, path)
    this.#written.set(name, text)
  }

  /** What is being synced stays out of place. */
  abandon(): void {
    this.#pending.clear()
  }
}
