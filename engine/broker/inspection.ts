/** What only a broker itself can tell of its inside: its wire, its connections, its logs. */
import type { BrokerSettings } from '../config/settings.ts'
import { describeLog, type LogDescription } from '../log/describe-log.ts'
import type { LogFolder } from '../log/log-folder.ts'
import type { Connection } from '../server/connection.ts'
import type { WireTap } from '../server/wire-tap.ts'
import type { Replicas } from './replicas.ts'

export interface LogSummary {
  readonly topic: string
  readonly partition: number
  readonly sizeBytes: number
  readonly segmentCount: number
}

export interface BrokerInspection {
  /** Watches what goes over the wire; closed until somebody opens it. */
  readonly tap: WireTap
  connections(): readonly Connection[]
  /** Null where this broker holds no replica of it. */
  log(topic: string, partition: number): LogDescription | null
  logs(): readonly LogSummary[]
}

export function logInspection(
  folder: LogFolder,
  replicas: Replicas,
  settings: () => BrokerSettings,
): Pick<BrokerInspection, 'log' | 'logs'> {
  return {
    log(topic, index) {
      const partition = replicas.find(topic, index)
      if (partition === null) return null
      const checkIntervalMs = settings().logRetentionCheckIntervalMs
      return describeLog(partition.log, { highWatermark: partition.highWatermark, checkIntervalMs })
    },
    logs: () =>
      [...folder.logs()].map(({ topic, partition, sizeBytes, segmentCount }) => {
        return { topic, partition, sizeBytes, segmentCount }
      }),
  }
}
