/** A broker's settings as its groups understand them. */
import type { BrokerSettings } from '../config/settings.ts'
import type { GroupConfig } from '../group/group-config.ts'

export function groupConfigOf(settings: BrokerSettings): GroupConfig {
  return {
    minSessionTimeoutMs: settings.groupMinSessionTimeoutMs,
    maxSessionTimeoutMs: settings.groupMaxSessionTimeoutMs,
    initialRebalanceDelayMs: settings.groupInitialRebalanceDelayMs,
    maxSize: settings.groupMaxSize,
    offsetMetadataMaxBytes: settings.offsetMetadataMaxBytes,
    maxMessageBytes: settings.messageMaxBytes,
    offsetsRetentionMs: settings.offsetsRetentionMinutes * 60_000,
    offsetsRetentionCheckIntervalMs: Number(settings.offsetsRetentionCheckIntervalMs),
  }
}
