/** Configurations of topics and brokers: values, where they come from, what they may be, changes. */
import type { Problem } from '../define.ts'

export type ConfigurationSource =
  | 'dynamic-topic'
  | 'dynamic-broker'
  | 'dynamic-default-broker'
  | 'dynamic-group'
  | 'dynamic-client-metrics'
  | 'dynamic-broker-logger'
  | 'static-broker'
  | 'default'
  | 'unknown'

export type ConfigurationType =
  | 'boolean'
  | 'string'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'list'
  | 'class'
  | 'password'
  | 'unknown'

export type ConfigurationUnit = 'ms' | 'bytes' | 'ratio' | 'count'

export interface ConfigurationEntry {
  readonly name: string
  /** Null when sensitive, or when it has none. */
  readonly value: string | null
  readonly source: ConfigurationSource
  /** What it would be without its first source; null where the cluster does not say. */
  readonly inheritedValue: string | null
  readonly readOnly: boolean
  readonly sensitive: boolean
  readonly type: ConfigurationType
  readonly unit: ConfigurationUnit | null
  readonly documentation: string | null
  /** The layers it is taken from, the effective one first. */
  readonly synonyms: readonly ConfigurationSynonym[]
  /** What Kafka's tables say of this name; null for a name that none of ours knows. */
  readonly facts: ConfigurationFacts | null
}

/** What may be set, as Apache Kafka 4.3 has it; DescribeConfigs does not tell this. */
export interface ConfigurationFacts {
  /** Null where it has none. */
  readonly defaultValue: string | null
  /** The only values allowed, or of a list its only elements; null for any. */
  readonly validValues: readonly string[] | null
  readonly min: number | null
  readonly max: number | null
  /** Whether the local engine acts on it; null on a cluster that is not ours. */
  readonly takesEffect: boolean | null
  /** `cluster-wide`: for one broker or for all; topics' are always `cluster-wide`. */
  readonly update: 'read-only' | 'per-broker' | 'cluster-wide'
}

/** What is configured: one topic, one broker, or the default of all brokers. */
export type ConfigurationResource =
  | { readonly type: 'topic'; readonly name: string }
  | { readonly type: 'broker'; readonly brokerId: number }
  | { readonly type: 'brokers' }

/** As IncrementalAlterConfigs has them: `append` and `subtract` are for lists (KIP-339). */
export type ConfigurationOperation = 'set' | 'reset' | 'append' | 'subtract'

export interface ConfigurationChange {
  readonly name: string
  readonly operation: ConfigurationOperation
  /** Null for `reset` alone. */
  readonly value: string | null
}

/** What came of the changes of one resource: all of them are made, or none. */
export interface AlteredConfiguration {
  readonly resource: ConfigurationResource
  readonly problem: Problem | null
  /** The change that the problem is about, where the broker's words name it. */
  readonly problemName: string | null
  /** The changed configurations, read back; null when nothing was changed. */
  readonly readBack: readonly ConfigurationEntry[] | null
}

export interface ConfigurationSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigurationSource
}

export interface TopicConfigurationDefinition {
  readonly name: string
  readonly type: ConfigurationType
  readonly unit: ConfigurationUnit | null
  readonly defaultValue: string
  readonly documentation: string
  /** The only values allowed, or null. */
  readonly validValues: readonly string[] | null
  readonly min: number | null
  readonly max: number | null
  /** Whether the local engine acts on it; else it is stored and reported only. */
  readonly takesEffect: boolean
}
