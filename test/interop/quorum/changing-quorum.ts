/**
 * A broker and some controllers whose votes can be given and taken, each of which can be made to
 * fail: the same for Apache Kafka, where a node is a process, and for Odradek, where it is a thread.
 */
import type { Fault } from '../failures/failing-cluster.ts'

export const BROKER_ID = 1

export interface QuorumOptions {
  /** Neighbours, the smallest first. */
  readonly voterIds: readonly number[]
}

export interface ChangingQuorum {
  /** `host:port` of the broker. */
  readonly bootstrap: string
  /** `host:port` of the controllers that were started, by their ids. */
  controllerAddress(id: number): string
  /** Starts one more, and gives it a vote; its id. */
  add(): Promise<number>
  /** Takes its vote, and ends it. */
  remove(id: number): Promise<void>
  fail(id: number, fault: Exclude<Fault, 'restart'>): Promise<void>
  recover(id: number, fault: Exclude<Fault, 'restart'>): Promise<void>
  stop(): Promise<void>
}
