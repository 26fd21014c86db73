/** What a rebalance comes down to: its cause in words, its length, who came and went. */
import type { Rebalance, RebalanceMember } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'

export function durationMs({ startedMs, finishedMs }: Rebalance): number {
  return Number(finishedMs - startedMs)
}

export interface Tally {
  readonly present: number
  readonly joined: number
  readonly left: number
}

export function tallyOf({ members }: Rebalance): Tally {
  const count = (test: (change: RebalanceMember['change']) => boolean) =>
    members.reduce((sum, { change }) => sum + (test(change) ? 1 : 0), 0)
  const left = count(isGone)
  return { present: members.length - left, joined: count(change => change === 'joined'), left }
}

export function isGone(change: RebalanceMember['change']): boolean {
  return change === 'left' || change === 'removed'
}

/** The first thing that happened, said for people; the coordinator's own words are in the tooltip. */
export function causeOf(rebalance: Rebalance): string {
  const by = (kind: RebalanceMember['change']) =>
    rebalance.members.filter(({ change }) => change === kind)
  const removed = by('removed')
  if (removed.length > 0)
    return t('group.rebalances.because.removed', {
      count: removed.length,
      who: namesOf(removed),
      why: reasonWords(removed[0]!.reason),
    })
  const left = by('left')
  if (left.length > 0)
    return t('group.rebalances.because.left', { count: left.length, who: namesOf(left) })
  const replaced = by('replaced')
  if (replaced.length > 0)
    return t('group.rebalances.because.replaced', {
      count: replaced.length,
      who: namesOf(replaced),
    })
  const joined = by('joined')
  if (joined.length > 0)
    return t('group.rebalances.because.joined', { count: joined.length, who: namesOf(joined) })
  return rebalance.reasons[0] ?? t('group.rebalances.because.moved')
}

export function reasonWords(reason: string): string {
  switch (reason) {
    case 'session-timeout':
    case 'rebalance-timeout':
    case 'sync-timeout':
    case 'group-full':
      return t(`group.rebalances.reasons.${reason}`)
    default:
      return reason
  }
}

const NAMED_MAX = 3

function namesOf(members: readonly RebalanceMember[]): string {
  const names = members.slice(0, NAMED_MAX).map(nameOf)
  const more = members.length - NAMED_MAX
  const list = names.join(', ')
  return more > 0 ? t('group.andMore', { list, count: more }) : list
}

export function nameOf({ groupInstanceId, clientId, memberId }: RebalanceMember): string {
  return `${groupInstanceId ?? clientId} ${memberId.slice(-6)}`
}
