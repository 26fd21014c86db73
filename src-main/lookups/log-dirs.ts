/** DescribeLogDirs of every broker: sizes, lag and folders of replicas. */
import type { ClientConnection } from '../../engine/client/client-connection.ts'
import type { Client } from '../../engine/client/client.ts'
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
  type DescribeLogDirsResponse,
} from '../../engine/protocol/messages/describe-log-dirs.ts'
import type { Reader } from '../../engine/protocol/reader.ts'
import { message } from '../../engine/protocol/schema.ts'
import type { Problem } from '../contract/define.ts'
import type { LogDirSummary } from '../contract/model/cluster.ts'
import { problemOf } from '../contract/problem.ts'
import { askInTime } from './broker-patience.ts'
import { codeProblem } from './cluster-topics.ts'
import { inSlices, refusingInvalid, unread } from './unread-answer.ts'

const api = { request: describeLogDirsRequest, response: unread(describeLogDirsResponse) }
const { results: resultsField } = describeLogDirsResponse.fields
const { topics: topicsField } = resultsField.element!.fields!
const topicEntry = message({
  name: 'DescribeLogDirsResponse topic',
  versions: describeLogDirsResponse.versions,
  flexibleSince: describeLogDirsResponse.flexibleSince,
  fields: topicsField!.element!.fields!,
})

export interface BrokerLogDirs {
  readonly brokerId: number
  readonly logDirs: readonly LogDirSummary[]
  readonly replicas: readonly ReplicaOnDisk[]
  /** Why there are none: the broker did not answer. */
  readonly problem: Problem | null
}

export type MeasuredBroker = Omit<BrokerLogDirs, 'replicas'>

export interface ReplicaOnDisk {
  readonly topic: string
  readonly partition: number
  readonly logDir: string
  readonly sizeBytes: number
  readonly offsetLag: bigint
  readonly isFuture: boolean
}

/** The partitions to describe, by topic; null for all. */
export type WantedReplicas = ReadonlyMap<string, readonly number[]> | null

/** One entry a broker; one that does not answer has a problem instead. */
export function describeLogDirs(
  client: Client,
  brokerIds: readonly number[],
  wanted: WantedReplicas,
): Promise<readonly BrokerLogDirs[]> {
  return Promise.all(brokerIds.map(brokerId => describeBroker(client, brokerId, wanted)))
}

/** The folders alone: a cluster of many partitions is summed up without a list of them. */
export function measureLogDirs(client: Client, brokerId: number): Promise<MeasuredBroker> {
  return readBroker(client, brokerId, null, () => {})
}

async function describeBroker(
  client: Client,
  brokerId: number,
  wanted: WantedReplicas,
): Promise<BrokerLogDirs> {
  const replicas: ReplicaOnDisk[] = []
  const measured = await readBroker(client, brokerId, wanted, (logDir, { name, partitions }) => {
    for (const { partitionIndex, partitionSize, offsetLag, isFutureKey } of partitions)
      replicas.push({
        topic: name,
        partition: partitionIndex,
        logDir,
        sizeBytes: Number(partitionSize),
        offsetLag,
        isFuture: isFutureKey,
      })
  })
  return { ...measured, replicas: measured.problem === null ? replicas : [] }
}

type TopicOnDisk = DescribeLogDirsResponse['results'][number]['topics'][number]
type OnTopic = (logDir: string, topic: TopicOnDisk) => void

async function readBroker(
  client: Client,
  brokerId: number,
  wanted: WantedReplicas,
  onTopic: OnTopic,
): Promise<MeasuredBroker> {
  const topics =
    wanted === null ? null : [...wanted].map(([topic, partitions]) => ({ topic, partitions }))
  try {
    const ask = (connection: ClientConnection) => connection.request(api, { topics })
    const answer = await askInTime(client, brokerId, ask)
    const { reader, version } = answer
    return await refusingInvalid('DescribeLogDirs', async () => {
      reader.int32()
      const errorCode = version >= 3 ? reader.int16() : 0
      const logDirs: LogDirSummary[] = []
      const count = reader.arrayLength(describeLogDirsResponse.flexible(version))
      for (let index = 0; index < count; index++)
        logDirs.push(await readLogDir(reader, version, brokerId, onTopic))
      return { brokerId, logDirs, problem: codeProblem(errorCode, `broker ${brokerId}`) }
    })
  } catch (error) {
    // Waiting for all brokers: one that does not answer is shown as such beside the others.
    return { brokerId, logDirs: [], problem: problemOf(error) }
  }
}

async function readLogDir(
  reader: Reader,
  version: number,
  brokerId: number,
  onTopic: OnTopic,
): Promise<LogDirSummary> {
  const flexible = describeLogDirsResponse.flexible(version)
  const errorCode = reader.int16()
  const path = reader.utf8(Math.max(reader.stringLength(flexible), 0))
  let sizeBytes = 0
  let replicaCount = 0
  await inSlices(reader.arrayLength(flexible), () => {
    const topic = topicEntry.read(reader, version) as TopicOnDisk
    for (const { partitionSize } of topic.partitions) sizeBytes += Number(partitionSize)
    replicaCount += topic.partitions.length
    onTopic(path, topic)
    return topic.partitions.length + 1
  })
  const [totalBytes, usableBytes] = version >= 4 ? [reader.int64(), reader.int64()] : [-1n, -1n]
  if (version >= 5) reader.boolean()
  if (flexible) reader.skipTaggedFields()
  return {
    path,
    sizeBytes,
    replicaCount,
    totalBytes: totalBytes < 0n ? null : Number(totalBytes),
    usableBytes: usableBytes < 0n ? null : Number(usableBytes),
    problem: codeProblem(errorCode, `broker ${brokerId}, folder ${path}`),
  }
}
