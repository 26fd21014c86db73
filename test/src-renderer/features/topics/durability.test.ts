import { expect, test } from 'vitest'
import { durabilityNote } from '../../../../src-renderer/features/topics/durability.ts'

test.each([
  [1, 1, 'oneReplica'],
  [1, 2, 'minIsrAbove'],
  [3, 4, 'minIsrAbove'],
  [3, 3, 'minIsrIsAll'],
  [2, 2, 'minIsrIsAll'],
  [3, 1, 'minIsrOne'],
  [3, 2, null],
  [5, 3, null],
] as const)('%i replicas with min ISR %i: %s', (factor, minIsr, note) => {
  expect(durabilityNote(factor, minIsr)).toBe(note)
})
