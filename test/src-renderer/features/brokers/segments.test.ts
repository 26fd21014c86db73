import { expect, test } from 'vitest'
import type { BrokerReplica } from '../../../../src-main/contract/model/cluster.ts'
import type { ConfigurationEntry } from '../../../../src-main/contract/model/configuration.ts'
import {
  countedSegments,
  estimatedSegments,
} from '../../../../src-renderer/features/brokers/segments.ts'

const replica = (logDir: string, sizeBytes: number): BrokerReplica => {
  return { topic: 't', partition: 0, logDir, sizeBytes, offsetLag: 0n, isFuture: false }
}
const segmentBytes = (value: string | null) =>
  [{ name: 'log.segment.bytes', value }] as unknown as readonly ConfigurationEntry[]

test('each replica of a folder has a segment, and one more for each that is full', () => {
  const replicas = [replica('/a', 0), replica('/a', 100), replica('/a', 101), replica('/b', 900)]
  expect(estimatedSegments(replicas, segmentBytes('100'), '/a')).toEqual({
    type: 'estimated',
    count: 4,
  })
})

test('without log.segment.bytes nothing is reckoned', () => {
  for (const configurations of [[], segmentBytes(null), segmentBytes('x')])
    expect(estimatedSegments([replica('/a', 1)], configurations, '/a')).toEqual({
      type: 'unknown',
    })
})

test('what a broker counts itself is taken as it is, and a silent one is not known', () => {
  const counts = { logCount: 3, segmentCount: 7, sizeBytes: 1 }
  const silent = { code: 'UNREACHABLE', message: 'broker 2' }
  const storage = [
    { brokerId: 1, problem: null, ...counts },
    { brokerId: 2, problem: silent, logCount: 0, segmentCount: 0, sizeBytes: 0 },
  ]
  expect(countedSegments(storage, 1)).toEqual({ type: 'counted', count: 7 })
  for (const brokerId of [2, 3])
    expect(countedSegments(storage, brokerId)).toEqual({ type: 'unknown' })
  expect(countedSegments(null, 1)).toEqual({ type: 'unknown' })
})
