/** The cluster that the tests judge: ours, or Apache Kafka with `BROKER=apache` to judge the tests. */
import { startApacheKafka } from './apache-kafka.ts'
import { startOdradek } from './odradek.ts'
import type { ClusterKind, ClusterOptions, RunningCluster } from './running-cluster.ts'

export const kindUnderTest: ClusterKind = process.env['BROKER'] === 'apache' ? 'apache' : 'odradek'

export async function startClusterUnderTest(options: ClusterOptions = {}): Promise<RunningCluster> {
  return await startCluster(kindUnderTest, options)
}

export async function startCluster(
  kind: ClusterKind,
  options: ClusterOptions = {},
): Promise<RunningCluster> {
  return kind === 'apache' ? await startApacheKafka(options) : await startOdradek(options)
}
