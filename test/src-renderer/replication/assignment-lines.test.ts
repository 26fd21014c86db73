import { expect, test } from 'vitest'
import { readAssignments } from '../../../src-renderer/replication/assignment-lines.ts'

test('a line names a partition and its replicas, whatever spaces there are', () => {
  expect(readAssignments('orders-3: 2,1\n\n  a-b-10 :  3 , 1\n')).toEqual({
    type: 'assignments',
    assignments: [
      { topic: 'orders', partition: 3, replicas: [2, 1] },
      { topic: 'a-b', partition: 10, replicas: [3, 1] },
    ],
  })
})

test.each(['orders: 1', 'orders-3 1', 'orders-3:', 'orders-x: 1', 'orders-3: 1,'])(
  '%s is no assignment, and the line is named',
  line => {
    expect(readAssignments(`t-0: 1\n${line}`)).toEqual({ type: 'wrong', line: 2 })
  },
)
