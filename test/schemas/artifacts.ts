/**
 * Apache Kafka's jars, fetched once with Maven into `$ODRADEK_CACHE` or `~/.cache/odradek`, outside
 * the repository: its schemas are compared with, never copied.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The Kafka whose schemas the declarations follow. */
export const KAFKA = '4.4.0'
/** The last Kafka that has the versions which 4.0 removed (KIP-896). */
export const OLDER_KAFKA = '3.9.1'

export const kafkaJars = [
  `org.apache.kafka:kafka-clients:${KAFKA}`,
  `org.apache.kafka:kafka-metadata:${KAFKA}`,
  `org.apache.kafka:kafka-group-coordinator:${KAFKA}`,
  `org.apache.kafka:kafka-storage:${KAFKA}`,
  `org.apache.kafka:kafka-transaction-coordinator:${KAFKA}`,
]
export const olderKafkaJars = [`org.apache.kafka:kafka-clients:${OLDER_KAFKA}`]
/** What Kafka's classes need to be loaded. */
export const loggingJar = 'org.slf4j:slf4j-api:1.7.36'

/** Where the jar of `group:artifact:version` is, after fetching it if need be. */
export function jarPath(coordinates: string): string {
  const [, artifact, version] = coordinates.split(':')
  const folder = join(process.env['ODRADEK_CACHE'] ?? join(homedir(), '.cache', 'odradek'), 'jars')
  const path = join(folder, `${artifact}-${version}.jar`)
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true })
    const options = [`-Dartifact=${coordinates}`, `-DoutputDirectory=${folder}`]
    execFileSync('mvn', ['-q', '-B', 'dependency:copy', ...options], { stdio: 'inherit' })
  }
  return path
}
