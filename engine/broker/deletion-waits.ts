/**
 * DeleteRecords that wait until every living replica has moved its log start, so that no election
 * brings deleted records back (KIP-107).
 */
import type { Clock } from '../ports/clock.ts'
import { KafkaError, type ErrorName } from '../protocol/errors.ts'
import type { Partition } from './partition.ts'

interface Wait {
  readonly offset: bigint
  readonly resolve: (lowWatermark: bigint) => void
  readonly fail: (error: KafkaError) => void
}

export class DeletionWaits {
  readonly #clock: Clock
  readonly #isAlive: (brokerId: number) => boolean
  readonly #waits = new Map<Partition, Set<Wait>>()
  readonly #cancels = new Set<() => void>()

  constructor(clock: Clock, isAlive: (brokerId: number) => boolean) {
    this.#clock = clock
    this.#isAlive = isAlive
  }

  await(partition: Partition, offset: bigint, deadlineMs: number): bigint | Promise<bigint> {
    const now = this.#lowWatermarkOf(partition)
    if (now >= offset) return now
    return new Promise<bigint>((resolve, reject) => {
      const cancel = this.#clock.at(deadlineMs, () => {
        const why = `${partition.name}: not all replicas deleted below ${offset} in time`
        wait.fail(new KafkaError('REQUEST_TIMED_OUT', why))
      })
      this.#cancels.add(cancel)
      const end = () => {
        cancel()
        this.#cancels.delete(cancel)
        const waits = this.#waits.get(partition)
        waits?.delete(wait)
        if (waits?.size === 0) this.#waits.delete(partition)
      }
      const wait: Wait = {
        offset,
        resolve(lowWatermark) {
          end()
          resolve(lowWatermark)
        },
        fail(error) {
          end()
          reject(error)
        },
      }
      const waits = this.#waits.get(partition)
      if (waits === undefined) this.#waits.set(partition, new Set([wait]))
      else waits.add(wait)
    })
  }

  /** A follower told its log start. Cheap where nobody waits. */
  followerFetched(partition: Partition): void {
    const waits = this.#waits.get(partition)
    if (waits === undefined) return
    const lowWatermark = this.#lowWatermarkOf(partition)
    for (const wait of waits) if (wait.offset <= lowWatermark) wait.resolve(lowWatermark)
  }

  /** It was deleted, or is led by another broker. */
  lost(partition: Partition, verdict: ErrorName): void {
    const why = `${partition.name}: not led here any more before all replicas had deleted`
    for (const wait of this.#waits.get(partition) ?? []) wait.fail(new KafkaError(verdict, why))
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel()
  }

  #lowWatermarkOf({ leading, log }: Partition): bigint {
    return leading?.lowWatermark(log.logStartOffset, this.#isAlive) ?? log.logStartOffset
  }
}
