/** DescribeLogDirs of every broker: sizes, lag and folders of replicas. */
import type { Client } from '../../engine/client/client.ts'
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
  type DescribeLogDirsResponse,
} from '../../engine/protocol/messages/describe-log-dirs.ts'
import type { Problem } from '../contract/define.ts'
import type { LogDirSummary } from '../contract/model.ts'
import { problemOf } from '../contract/problem.ts'
import { codeProblem } from './cluster-topics.ts'

const api = { request: describeLogDirsRequest, response: describeLogDirsResponse }

export interface BrokerLogDirs {
  readonly brokerId: number
  readonly logDirs: readonly LogDirSummary[]
  readonly replicas: readonly ReplicaOnDisk[]
  /** Why there are none: the broker did not answer. */
  readonly problem: Problem | null
}

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

async function describeBroker(
  client: Client,
  brokerId: number,
  wanted: WantedReplicas,
): Promise<BrokerLogDirs> {
  const topics =
    wanted === null ? null : [...wanted].map(([topic, partitions]) => ({ topic, partitions }))
  try {
    const answer = await client.request({ type: 'broker', brokerId }, api, { topics })
    const problem = codeProblem(answer.errorCode, `broker ${brokerId}`)
    return {
      brokerId,
      logDirs: answer.results.map(result => logDirOf(brokerId, result)),
      replicas: answer.results.flatMap(replicasOf),
      problem,
    }
  } catch (error) {
    // Waiting for all brokers: one that does not answer is shown as such beside the others.
    return { brokerId, logDirs: [], replicas: [], problem: problemOf(error) }
  }
}

type LogDirResult = DescribeLogDirsResponse['results'][number]

function logDirOf(brokerId: number, result: LogDirResult): LogDirSummary {
  const replicas = replicasOf(result)
  return {
    path: result.logDir,
    sizeBytes: replicas.reduce((total, { sizeBytes }) => total + sizeBytes, 0),
    replicaCount: replicas.length,
    totalBytes: result.totalBytes < 0n ? null : Number(result.totalBytes),
    usableBytes: result.usableBytes < 0n ? null : Number(result.usableBytes),
    problem: codeProblem(result.errorCode, `broker ${brokerId}, folder ${result.logDir}`),
  }
}

function replicasOf({ logDir, topics }: LogDirResult): readonly ReplicaOnDisk[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
      topic: name,
      partition: partitionIndex,
      logDir,
      sizeBytes: Number(partitionSize),
      offsetLag,
      isFuture: isFutureKey,
    })),
  )
}
