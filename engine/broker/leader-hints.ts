/**
 * Who leads instead, told beside the error, so that clients need not ask for metadata (KIP-951).
 */
import { Writer } from '../protocol/writer.ts'
import { NO_LEADER, type BrokerEndpoint, type ClusterView } from './cluster-view.ts'

export interface LeaderHint {
  readonly leaderId: number
  readonly leaderEpoch: number
}

/** The struct's own bytes: two int32, and no tagged fields. */
export const LEADER_HINT_BYTES = 4 + 4 + 1
const NODE_ENDPOINTS_TAG = 0

/** Null where nobody leads, or nobody knows. */
export function leaderHint(cluster: ClusterView, topic: string, index: number): LeaderHint | null {
  const state = cluster.topicByName(topic)?.partitions[index]
  if (state === undefined || state.leader === NO_LEADER) return null
  return { leaderId: state.leader, leaderEpoch: state.leaderEpoch }
}

/** The addresses of those hinted at, each once. */
export function hintedEndpoints(
  cluster: ClusterView,
  hints: readonly (LeaderHint | null)[],
): readonly BrokerEndpoint[] {
  const ids = new Set(hints.flatMap(hint => (hint === null ? [] : [hint.leaderId])))
  return [...ids].flatMap(id => cluster.broker(id) ?? [])
}

export function writeLeaderHint(writer: Writer, tag: number, hint: LeaderHint): void {
  writer.unsignedVarint(tag)
  writer.unsignedVarint(LEADER_HINT_BYTES)
  writer.int32(hint.leaderId)
  writer.int32(hint.leaderEpoch)
  writer.unsignedVarint(0)
}

/** The tagged fields of an answer's end: NodeEndpoints where there are any, and nothing else. */
export function writeNodeEndpoints(writer: Writer, endpoints: readonly BrokerEndpoint[]): void {
  if (endpoints.length === 0) {
    writer.unsignedVarint(0)
    return
  }
  const body = new Writer(128)
  body.arrayLength(endpoints.length, true)
  for (const { brokerId, host, port, rack } of endpoints) {
    body.int32(brokerId)
    body.string(host, true)
    body.int32(port)
    body.string(rack, true)
    body.unsignedVarint(0)
  }
  const bytes = body.finish()
  writer.unsignedVarint(1)
  writer.unsignedVarint(NODE_ENDPOINTS_TAG)
  writer.unsignedVarint(bytes.length)
  writer.raw(bytes)
}
