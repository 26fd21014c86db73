import { expect, test } from 'vitest'
import type { WireRequest } from '../../../src-main/contract/model/wire.ts'
import { wireMatcher, type WireFilter } from '../../../src-main/wire-log/wire-filter.ts'
import { nameOfApi, originOf } from '../../../src-main/wire-log/wire-log.ts'

const everything: WireFilter = {
  brokerIds: null,
  apiKeys: null,
  text: '',
  failedOnly: false,
  slowerThanMs: null,
  withOwn: true,
}

const request: WireRequest = {
  brokerId: 2,
  sequence: 0,
  atMs: 1_700_000_000_000,
  connectionId: 4,
  remote: '127.0.0.1:51234',
  origin: 'client',
  apiKey: 1,
  api: 'Fetch',
  apiVersion: 12,
  correlationId: 9,
  clientId: 'Shop-7',
  software: 'librdkafka 2.16.0',
  requestBytes: 80,
  responseBytes: 400,
  queueMs: 1,
  workMs: 3,
  waitMs: 500,
  errors: [],
}

test.each<
  [name: string, filter: Partial<WireFilter>, request: Partial<WireRequest>, fits: boolean]
>([
  ['everything', {}, {}, true],
  ['another broker', { brokerIds: [1, 3] }, {}, false],
  ['its broker', { brokerIds: [2] }, {}, true],
  ['another API', { apiKeys: [0] }, {}, false],
  ['its client id in another case', { text: 'sHOP' }, {}, true],
  ['its software', { text: 'rdkafka 2.16' }, {}, true],
  ['its address', { text: ':51234' }, {}, true],
  ['text that it has not', { text: 'produce' }, {}, false],
  ['an error by its name', { text: 'not_leader' }, { errors: ['NOT_LEADER_OR_FOLLOWER'] }, true],
  ['failed ones, one that did not', { failedOnly: true }, {}, false],
  ['failed ones, one with an error', { failedOnly: true }, { errors: ['UNKNOWN_TOPIC_ID'] }, true],
  ['failed ones, one that was cut off', { failedOnly: true }, { responseBytes: null }, true],
  ['failed ones, one with acks=0', { failedOnly: true }, { responseBytes: 0 }, false],
  ['slow ones, a long poll is none', { slowerThanMs: 5 }, {}, false],
  ['slow ones, work and queue count', { slowerThanMs: 4 }, {}, true],
  ['without our own', { withOwn: false }, { origin: 'application' }, false],
  ['without our own, a client', { withOwn: false }, {}, true],
])('%s', (_name, filter, seen, fits) => {
  expect(wireMatcher({ ...everything, ...filter })({ ...request, ...seen })).toBe(fits)
})

test('who asked is told by the client id', () => {
  expect(
    ['odradek', 'odradek-scan', 'odradek-sample', 'broker-2', 'shop', null].map(originOf),
  ).toEqual(['application', 'application', 'sample', 'broker', 'client', 'client'])
})

test('an API has its name in Kafka, known here or not', () => {
  expect([0, 22, 68, 999].map(nameOfApi)).toEqual([
    'Produce',
    'InitProducerId',
    'ConsumerGroupHeartbeat',
    'api 999',
  ])
})
