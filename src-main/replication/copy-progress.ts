/** How much of what a reassignment copies is there by now, from the sizes in the log folders. */
import { listIn } from '../lookups/list-in.ts'
import type { Client } from '../../engine/client/client.ts'
import type { ReassignmentUnderWay } from '../contract/model/replication.ts'
import { describeLogDirs } from '../lookups/log-dirs.ts'
import type { Wait } from '../lookups/watch.ts'
import type { ListedReassignment } from '../lookups/reassignments.ts'

/** A broker that is slower is left out of this look. */
const PATIENCE_MS = 1_500

export async function copyProgress(
  client: Client,
  reassignments: readonly ListedReassignment[],
  wait: Wait,
): Promise<readonly ReassignmentUnderWay[]> {
  const wanted = new Map<number, Map<string, number[]>>()
  for (const { topic, partition, replicas } of reassignments)
    for (const broker of replicas) {
      const topics = wanted.get(broker) ?? new Map<string, number[]>()
      listIn(topics, topic).push(partition)
      wanted.set(broker, topics)
    }
  const sizes = new Map<string, number>()
  await Promise.all(
    [...wanted].map(async ([broker, topics]) => {
      const late = new AbortController()
      const told = await Promise.race([
        describeLogDirs(client, [broker], topics),
        wait(PATIENCE_MS, late.signal).then(() => []),
      ])
      late.abort()
      for (const { replicas } of told)
        for (const { topic, partition, sizeBytes, isFuture } of replicas)
          if (!isFuture) sizes.set(`${broker} ${topic} ${partition}`, sizeBytes)
    }),
  )
  return reassignments.map(each => ({ ...each, ...copied(each, sizes) }))
}

/** A copy is complete when it is as large as the largest of those that were there before. */
function copied(
  { topic, partition, replicas, adding }: ListedReassignment,
  sizes: ReadonlyMap<string, number>,
): Pick<ReassignmentUnderWay, 'copiedBytes' | 'totalBytes'> {
  const sizeOf = (broker: number) => sizes.get(`${broker} ${topic} ${partition}`)
  const sources = replicas.filter(id => !adding.includes(id)).flatMap(id => sizeOf(id) ?? [])
  if (sources.length === 0) return { copiedBytes: null, totalBytes: null }
  const whole = Math.max(...sources)
  const copiedBytes = adding.reduce((sum, id) => sum + Math.min(sizeOf(id) ?? 0, whole), 0)
  return { copiedBytes, totalBytes: whole * adding.length }
}
