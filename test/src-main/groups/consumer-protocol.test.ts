import { describe, expect, test } from 'vitest'
import {
  decodeAssignment,
  decodeSubscribedTopics,
} from '../../../src-main/groups/consumer-protocol.ts'

/** Laid out by hand after ConsumerProtocolAssignment.json: version, topics with partitions, data. */
const assignment = Buffer.from(
  '0001' +
    '00000002' +
    '0006' +
    hex('orders') +
    '00000002' +
    '00000000' +
    '00000003' +
    '0003' +
    hex('pay') +
    '00000000' +
    'ffffffff',
  'hex',
)
/** Version 3 has owned partitions, generation and rack after what is read. */
const subscription = Buffer.from(
  '0003' +
    '00000001' +
    '0006' +
    hex('orders') +
    'ffffffff' +
    '00000000' +
    '00000007' +
    '0002' +
    hex('r1'),
  'hex',
)

describe('consumer protocol', () => {
  test('an assignment is topics with their partitions', () => {
    expect(decodeAssignment(assignment)).toEqual([
      { topic: 'orders', partitions: [0, 3] },
      { topic: 'pay', partitions: [] },
    ])
  })

  test('a subscription of any version begins with its topics', () => {
    expect(decodeSubscribedTopics(subscription)).toEqual(['orders'])
  })

  test('a member that was not assigned anything yet holds nothing', () => {
    expect(decodeAssignment(new Uint8Array(0))).toEqual([])
  })

  test('bytes of other protocols are not taken for an assignment', () => {
    expect(decodeAssignment(Buffer.from('{"leader":"connect-1"}'))).toBeNull()
    expect(decodeAssignment(Buffer.from('ffff00000000', 'hex'))).toBeNull()
    expect(decodeAssignment(assignment.subarray(0, 12))).toBeNull()
  })
})

function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}
