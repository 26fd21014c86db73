/**
 * The deadlines of a shard's groups, under names, so that setting one again moves it. What happens
 * at each is in `deadlines.ts`.
 */
import { DeadlineQueue } from '../support/deadline-queue.ts'

export type GroupDeadline =
  /** A member stayed silent, or a pending member did not come back. */
  | { readonly type: 'session'; readonly groupId: string; readonly memberId: string }
  /** Members had their time to rejoin. */
  | { readonly type: 'join'; readonly groupId: string }
  /** An empty group waited for more first members; it may wait on while they arrive. */
  | {
      readonly type: 'initial-join'
      readonly groupId: string
      readonly delayMs: number
      readonly remainingMs: number
    }
  /** Members had their time to ask for their assignment. */
  | { readonly type: 'sync'; readonly groupId: string; readonly generationId: number }
  /** Offsets and empty groups are looked through for what expired. */
  | { readonly type: 'expiration' }

export class GroupTimers {
  readonly #queue = new DeadlineQueue<GroupDeadline>()

  get size(): number {
    return this.#queue.size
  }

  /** A deadline never lies in the past: a client's negative timeout means at once. */
  set(deadline: GroupDeadline, nowMs: number, delayMs: number): void {
    this.#queue.set(keyOf(deadline), nowMs + Math.max(0, delayMs), deadline)
  }

  cancelSession(groupId: string, memberId: string): void {
    this.#queue.cancel(keyOf({ type: 'session', groupId, memberId }))
  }

  cancelJoin(groupId: string): void {
    this.#queue.cancel(keyOf({ type: 'join', groupId }))
  }

  cancelSync(groupId: string): void {
    this.#queue.cancel(keyOf({ type: 'sync', groupId, generationId: 0 }))
  }

  nextDeadlineMs(): number | null {
    return this.#queue.nextDeadlineMs()
  }

  mark(): number {
    return this.#queue.mark()
  }

  take(nowMs: number, mark: number): GroupDeadline | null {
    return this.#queue.take(nowMs, mark)
  }
}

/** Group ids and member ids may hold any character, so lengths keep keys apart. */
function keyOf(deadline: GroupDeadline): string {
  switch (deadline.type) {
    case 'session':
      return `session ${deadline.groupId.length} ${deadline.groupId} ${deadline.memberId}`
    case 'join':
    case 'initial-join':
      return `join ${deadline.groupId}`
    case 'sync':
      return `sync ${deadline.groupId}`
    case 'expiration':
      return 'expiration'
  }
}
