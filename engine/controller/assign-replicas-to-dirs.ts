/** AssignReplicasToDirs (KIP-858): a broker says in which of its log folders a replica lies. */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type {
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
} from '../protocol/messages/assign-replicas-to-dirs.ts'
import type { MetadataRecord } from '../protocol/metadata-records/metadata-record.ts'
import { brokerOfEpoch } from './broker-lifecycle.ts'
import type { ControllerState, Handled } from './handled.ts'
import type { BrokerImage, PartitionImage } from './image-entries.ts'
import { attempt } from './item-error.ts'
import { partitionChange } from './partition-change.ts'
import { rulesOfTopic } from './partition-rules.ts'
import { without } from './reassignment.ts'

type TopicOfDirectory = AssignReplicasToDirsRequest['directories'][number]['topics'][number]

export function assignReplicasToDirs(
  state: ControllerState,
  request: AssignReplicasToDirsRequest,
): Handled<AssignReplicasToDirsResponse> {
  return attempt<Handled<AssignReplicasToDirsResponse>>(
    () => {
      const broker = brokerOfEpoch(state, request.brokerId, request.brokerEpoch)
      const records: MetadataRecord[] = []
      const directories = request.directories.map(({ id, topics }) => ({
        id,
        topics: topics.map(topic => assigned(state, { broker, directory: id }, topic, records)),
      }))
      return { records, response: { throttleTimeMs: 0, errorCode: errorCode('NONE'), directories } }
    },
    ({ code }) => ({
      records: [],
      response: { throttleTimeMs: 0, errorCode: code, directories: [] },
    }),
  )
}

interface Where {
  readonly broker: BrokerImage
  readonly directory: string
}

function assigned(
  state: ControllerState,
  where: Where,
  { topicId, partitions }: TopicOfDirectory,
  records: MetadataRecord[],
) {
  const topic = state.image.topicsById.get(topicId)
  const assign = (partitionIndex: number): ErrorName => {
    if (topic === undefined) return 'UNKNOWN_TOPIC_ID'
    const before = topic.partitions[partitionIndex]
    if (before === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
    const { brokerId } = where.broker
    if (!before.replicas.includes(brokerId)) return 'NOT_LEADER_OR_FOLLOWER'
    const rules = rulesOfTopic(state, topic)(before)
    const target = targetOf(before, where)
    const change = partitionChange({ topicId, partitionIndex }, before, target, rules)
    if (change !== null) records.push(change)
    return 'NONE'
  }
  return {
    topicId,
    partitions: partitions.map(({ partitionIndex }) => ({
      partitionIndex,
      errorCode: errorCode(assign(partitionIndex)),
    })),
  }
}

/** A replica in a folder that the broker does not have any more is not in sync. */
function targetOf({ isr }: PartitionImage, { broker, directory }: Where) {
  const directories = new Map([[broker.brokerId, directory]])
  const offline = broker.logDirs.length > 0 && !broker.logDirs.includes(directory)
  return offline ? { directories, isr: without(isr, [broker.brokerId]) } : { directories }
}
