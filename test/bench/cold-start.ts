/** From the start of the processes to the first record that a waiting producer has acknowledged. */
import { startCluster } from '../interop/cluster-under-test.ts'
import { startCommand } from '../interop/run-command.ts'
import { freePortRange, type ClusterKind } from '../interop/running-cluster.ts'
import { loadGenerator } from './load-generator.ts'
import { residentMegabytes } from './process-figures.ts'

/** The producer tries all the time, so that what is measured is the cluster and not its waiting. */
export async function coldStart(
  kind: ClusterKind,
  brokers: number,
): Promise<{ startMs: number; megabytes: number | null }> {
  const port = await freePortRange(brokers)
  const program = await loadGenerator()
  const producer = startCommand(program, ['first', `127.0.0.1:${port}`, 'first'])
  await producer.line(/waiting/)
  const cluster = await startCluster(kind, { brokers, port, doNotWait: true })
  try {
    const line = await producer.line(/ackedAtMs/, 90_000)
    const { ackedAtMs } = JSON.parse(line) as { ackedAtMs: number }
    const megabytes = residentMegabytes(cluster.processIds)
    return { startMs: ackedAtMs - cluster.startedAtMs, megabytes }
  } finally {
    await producer.end('SIGKILL')
    await cluster.stop()
  }
}
