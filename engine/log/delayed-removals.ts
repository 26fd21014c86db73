/**
 * Files and folders that have been renamed away and wait for file.delete.delay.ms to pass, so that
 * readers that still hold them finish. The shell calls `removeDue` when the deadline comes.
 */
import type { Disk } from '../ports/disk.ts'

export interface PendingRemoval {
  readonly path: string
  readonly dueMs: number
}

export class DelayedRemovals {
  readonly #disk: Disk
  #pending: PendingRemoval[] = []

  constructor(disk: Disk) {
    this.#disk = disk
  }

  get pending(): readonly PendingRemoval[] {
    return this.#pending
  }

  /** When `removeDue` next has something to do; null while it has not. */
  get nextDeadlineMs(): number | null {
    return this.#pending.reduce<number | null>(
      (earliest, { dueMs }) => (earliest === null || dueMs < earliest ? dueMs : earliest),
      null,
    )
  }

  add(path: string, dueMs: number): void {
    this.#pending.push({ path, dueMs })
  }

  /** Removes what is due; returns the paths. */
  removeDue(nowMs: number): readonly string[] {
    const due = this.takeDue(nowMs)
    for (const path of due) this.#disk.remove(path)
    return due
  }

  /** What is due, for the caller to remove. */
  takeDue(nowMs: number): readonly string[] {
    if (this.#pending.every(({ dueMs }) => dueMs > nowMs)) return []
    const due = this.#pending.filter(({ dueMs }) => dueMs <= nowMs)
    this.#pending = this.#pending.filter(({ dueMs }) => dueMs > nowMs)
    return due.map(({ path }) => path)
  }
}
