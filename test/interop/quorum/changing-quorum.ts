/**
 * A broker and some controllers whose votes can be given and taken, each of which can be made to
 * fail: the same for Apache Kafka, where a node is a process, and for Odradek, where it is a thread.
 */
import type { Fault } from '../failures/failing-cluster.ts'

export const BROKER_ID = 1
export const METADATA_SEGMENT = '__cluster_metadata-0/00000000000000000000.log'

export interface QuorumOptions {
  /** Neighbours, the smallest first. */
  readonly voterIds: readonly number[]
  readonly configs?: Readonly<Record<string, string>>
}

export interface ChangingQuorum {
  readonly kind: 'apache' | 'odradek'
  /** `host:port` of the broker. */
  readonly bootstrap: string
  controllerAddress(id: number): string
  /** A controller that has no vote yet. */
  startNew(id: number): Promise<void>
  /** Path of its configuration, as `add-controller` wants it. */
  properties(id: number): string
  directoryId(id: number): Promise<string>
  fail(id: number, fault: Exclude<Fault, 'restart'>): Promise<void>
  recover(id: number, fault: Exclude<Fault, 'restart'>): Promise<void>
  /** Path of the metadata log's first segment. */
  logOf(id: number): string
  /** What the node wrote. */
  words(id: number): string
  stop(): Promise<void>
}
