/**
 * A cluster of three brokers and three controllers whose nodes can be made to fail one by one: the
 * same for Apache Kafka, where a node is a process, and for Odradek, where it is a thread.
 */
import type { RunningCluster } from '../running-cluster.ts'

export type Fault = 'clean stop' | 'kill' | 'pause' | 'restart'

export const BROKER_IDS: readonly number[] = [1, 2, 3]
export const CONTROLLER_IDS: readonly number[] = [3000, 3001, 3002]

/**
 * The same for both. A third of Kafka's own timings, so that a cell takes seconds: what is compared
 * is what happens, and in which order of time.
 */
export const timings: Readonly<Record<string, string>> = {
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
  'replica.lag.time.max.ms': '3000',
  'offsets.topic.num.partitions': '1',
  'group.initial.rebalance.delay.ms': '0',
}

export interface FailingCluster extends RunningCluster {
  /** Ends, stops or freezes a node; settles when that is done. */
  fail(nodeId: number, fault: Exclude<Fault, 'restart'>): Promise<void>
  /** The way back: a paused node goes on, any other begins a new life on its old folder. */
  recover(nodeId: number, fault: Exclude<Fault, 'restart'>): Promise<void>
}
