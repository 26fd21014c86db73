/** Configurations of topics and brokers: values, where they come from, what they may be. */

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
