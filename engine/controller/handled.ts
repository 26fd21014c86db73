/** What a handler of the controller takes and gives. */
import type { DescribedConfig } from '../config/describe.ts'
import type { BrokerConfigLayers, BrokerSettings } from '../config/settings.ts'
import type { Random } from '../ports/random.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import type { HeartbeatTracker } from './heartbeat-tracker.ts'
import type { BrokerImage } from './image-entries.ts'
import type { MetadataImage } from './metadata-image.ts'
import type { TopicNames } from './topic-names.ts'

/** What the shell knows about a request and the controller cannot. */
export interface RequestContext {
  readonly nowMs: number
  /** The offset that the first record of the answer will get. */
  readonly nextOffset: bigint
  readonly apiVersion: number
}

export interface Handled<Response> {
  /** To be written as one batch, and replayed, before the next request is handled. */
  readonly records: readonly MetadataRecord[]
  /** To be sent once the records are committed. */
  readonly response: Response
}

/** A topic's configuration as CreateTopics answers it. */
export type CreatedTopicConfig = Pick<
  DescribedConfig,
  'name' | 'value' | 'readOnly' | 'configSource' | 'isSensitive'
>

/** What handlers read. They write nothing here: only replay does. */
export interface ControllerState {
  readonly clusterId: string
  readonly image: MetadataImage
  readonly names: TopicNames
  readonly heartbeats: HeartbeatTracker
  readonly random: Random
  /**
   * Where the broker's registration stands in the log, which it must have replayed before it serves:
   * its epoch, or behind that where the same process has registered again.
   */
  registrationOffset(broker: BrokerImage): bigint
  /** The configuration that applies where no single broker is asked. */
  configLayers(): BrokerConfigLayers
  settings(): BrokerSettings
  /** What applies to a topic that sets nothing itself. */
  inheritedTopicConfigs(): readonly CreatedTopicConfig[]
}
