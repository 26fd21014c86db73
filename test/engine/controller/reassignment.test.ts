import { expect, test } from 'vitest'
import { begun, completed } from '../../../engine/controller/reassignment.ts'

const plain = { addingReplicas: [], removingReplicas: [] }

test('a move back to where it began is complete when the old replicas are in sync', () => {
  const away = begun({ replicas: [3], isr: [3], ...plain }, [4])
  expect(away).toMatchObject({ replicas: [4, 3], addingReplicas: [4], removingReplicas: [3] })
  const back = begun(away, [3])
  expect(back).toMatchObject({ replicas: [3, 4], addingReplicas: [], removingReplicas: [4] })
  expect(completed(back)).toEqual({ replicas: [3], isr: [3], ...plain })
})

test('a replica that two moves want is waited for, and one that only the first wanted is not', () => {
  const first = begun({ replicas: [1, 2], isr: [1, 2], ...plain }, [1, 3, 4])
  const second = begun(first, [1, 3])
  expect(second).toMatchObject({ addingReplicas: [3], removingReplicas: [2, 4] })
  expect(completed(second)).toBeNull()
  expect(completed({ ...second, isr: [1, 2, 3] })).toMatchObject({ replicas: [1, 3], isr: [1, 3] })
})

test('a replica that was to go and is wanted again stays', () => {
  const fewer = begun({ replicas: [1, 2, 3], isr: [1], ...plain }, [1, 2])
  expect(begun(fewer, [1, 2, 3])).toMatchObject({ replicas: [1, 2, 3], ...plain })
})
