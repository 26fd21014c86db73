/** What moves in a cluster, over time. */

export interface RatesUpdate {
  /**
   * `offsets`: all from differences of end and committed offsets. `counters`: bytes are counted by
   * the brokers themselves, internal topics and every reader included.
   */
  readonly source: 'offsets' | 'counters'
  /** Everything that is remembered on the first update, one sample on later ones. */
  readonly samples: readonly RatesSample[]
}

export interface RatesSample {
  readonly atMs: bigint
  /** The window that the rates were measured over. */
  readonly windowMs: number
  readonly producedRecordsPerSecond: number
  /** Null where the source cannot know. */
  readonly producedBytesPerSecond: number | null
  readonly consumedRecordsPerSecond: number
  readonly consumedBytesPerSecond: number | null
  /** The busiest topics, at most a hundred, and those that were asked for by name. */
  readonly topics: readonly TopicRates[]
}

export interface TopicRates {
  readonly topic: string
  readonly producedRecordsPerSecond: number
  readonly consumedRecordsPerSecond: number
}
