import { describe, expect, test } from 'vitest'
import { elect, type ElectionInput } from '../../../engine/controller/election.ts'

const alive =
  (...ids: readonly number[]) =>
  (id: number): boolean =>
    ids.includes(id)

function input(overrides: Partial<ElectionInput> = {}): ElectionInput {
  return {
    election: 'online',
    leader: 1,
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    eligibleLeaderReplicas: [],
    lastKnownLeader: null,
    acceptable: alive(1, 2, 3),
    ...overrides,
  }
}

const nobody = { isr: [], leader: -1 }

describe('elect', () => {
  test.each<[string, Partial<ElectionInput>, number]>([
    ['a leader that can go on does', {}, 1],
    ['a leader goes on that is not preferred', { leader: 2 }, 2],
    [
      'the first in the order of assignment follows',
      { replicas: [1, 3, 2], acceptable: alive(2, 3) },
      3,
    ],
    ['who is not in the ISR does not lead', { isr: [1, 3], acceptable: alive(2, 3) }, 3],
    ['who is not alive does not lead', { isr: [2, 3], acceptable: alive(3) }, 3],
    ['without anybody alive nobody leads', { acceptable: alive() }, -1],
    ['an outsider does not lead', { isr: [1], acceptable: alive(2, 3) }, -1],
    ['an eligible replica leads when the ISR is empty', { ...nobody, ...eligible(3) }, 3],
    [
      'an eligible replica does not lead while somebody is in the ISR',
      { isr: [1], ...eligible(3), acceptable: alive(3) },
      -1,
    ],
    ['a preferred election goes back to the first', { election: 'preferred', leader: 2 }, 1],
    [
      'a preferred election keeps the leader while the first is not in sync',
      { election: 'preferred', leader: 3, isr: [2, 3] },
      3,
    ],
    [
      'a preferred election takes the next in order when neither can lead',
      { election: 'preferred', leader: 3, isr: [2, 3], acceptable: alive(1, 2) },
      2,
    ],
    [
      'an unclean election prefers a clean leader',
      { election: 'unclean', isr: [3], acceptable: alive(1, 2, 3) },
      3,
    ],
    [
      'an unclean election finds nobody among the dead',
      { election: 'unclean', acceptable: alive() },
      -1,
    ],
  ])('%s', (_, overrides, leader) => {
    expect(elect(input(overrides))).toEqual({ leader, unclean: false })
  })

  test('an unclean election takes the first that is alive rather than nobody', () => {
    const overrides = { isr: [1], acceptable: alive(2, 3) }
    expect(elect(input({ election: 'unclean', ...overrides }))).toEqual({
      leader: 2,
      unclean: true,
    })
  })

  test('the last known leader leads again, uncleanly, when nobody is in sync or eligible', () => {
    const last = { ...nobody, lastKnownLeader: 3 }
    expect(elect(input(last))).toEqual({ leader: 3, unclean: true })
    expect(elect(input({ ...last, acceptable: alive(1, 2) }))).toEqual({
      leader: -1,
      unclean: false,
    })
    expect(elect(input({ ...last, eligibleLeaderReplicas: [2] }))).toEqual({
      leader: 2,
      unclean: false,
    })
    expect(elect(input({ ...last, isr: [2], acceptable: alive(3) })).leader).toBe(-1)
  })
})

function eligible(...ids: readonly number[]) {
  return { eligibleLeaderReplicas: ids }
}
