/** What an inspect worker tells of the statistics it gathers. */
import type { PartitionStatistics } from '../contract/model/statistics.ts'
import type { ScanUpdate } from '../scan/scan-api.ts'
import type { HeavyState } from './heavy-sketch.ts'
import type { HourState } from './hour-tally.ts'
import type { TallyState } from './record-tally.ts'

export interface StatisticsUpdate extends ScanUpdate {
  /** Null in updates that tell only how far it is. */
  readonly figures: Figures | null
}

export interface Figures {
  /** By place in the ranges; those that have changed. */
  readonly partitions: readonly {
    readonly index: number
    readonly statistics: PartitionStatistics
  }[]
  /** Of all partitions of this worker, from the beginning. */
  readonly total: TallyState
  readonly hours: HourState
  readonly otherHours: number
  readonly byCount: HeavyState
  readonly byBytes: HeavyState
}
