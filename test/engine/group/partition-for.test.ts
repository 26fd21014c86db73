import { expect, test } from 'vitest'
import { partitionFor } from '../../../engine/group/partition-for.ts'

// What Java's String.hashCode gives, made positive, modulo 50.
test.each([
  ['', 0],
  ['a', 47],
  ['Aa', 12],
  ['my-group', 12],
  ['orders-readers', 24],
  ['console-consumer-1', 24],
  ['the-quick-brown-fox', 30],
  ['grüße-𝄞', 22],
  // Hashes to the smallest integer, which has no positive twin.
  ['polygenelubricants', 0],
])('group %j is in the partition Java puts it in', (groupId, partition) => {
  expect(partitionFor(groupId, 50)).toBe(partition)
})
