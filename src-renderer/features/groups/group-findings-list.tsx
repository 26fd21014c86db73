/** The findings about a group, a sentence each. */
import type { GroupPartition } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { formatCount } from '../../ui/format/number.ts'
import { formatTimestamp, type Zone } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { distance } from '../../ui/moment.tsx'
import type { Finding } from './group-findings.ts'

const NAMED_MAX = 4

export function FindingsList({ findings }: { readonly findings: readonly Finding[] }) {
  const zone = useZone()
  if (findings.length === 0) return null
  return (
    <ul className="findings" aria-label={t('group.findings')}>
      {findings.map(finding => (
        <li key={finding.type} data-tone={finding.tone}>
          {sentence(finding, zone)}
        </li>
      ))}
    </ul>
  )
}

function sentence(finding: Finding, zone: Zone): string {
  switch (finding.type) {
    case 'dead':
      return t('group.finding.dead')
    case 'empty':
      return t('group.finding.empty')
    case 'memberless':
      return t('group.finding.memberless')
    case 'empty-behind':
      return t('group.finding.emptyBehind', {
        count: Number(finding.lag),
        formatted: `${finding.atLeast ? '≥ ' : ''}${formatCount(finding.lag)}`,
      })
    case 'expires':
      return t('group.finding.expires', {
        at: formatTimestamp(finding.atMs, zone).slice(0, 16),
        distance: distance(finding.atMs),
      })
    case 'fell-off':
      return t('group.finding.fellOff', {
        count: finding.partitions.length,
        list: listOf(finding.partitions),
      })
    case 'stuck':
      return t('group.finding.stuck', {
        count: finding.partitions.length,
        list: listOf(finding.partitions),
      })
    case 'growing':
      return t('group.finding.growing')
    case 'unheld':
      return t('group.finding.unheld', {
        count: finding.partitions.length,
        list: listOf(finding.partitions),
      })
    case 'idle-members':
      return t('group.finding.idleMembers', {
        count: finding.count,
        partitions: formatCount(finding.partitionCount),
      })
    case 'gone-topics':
      return t('group.finding.goneTopics', {
        count: finding.topics.length,
        list: shortList(finding.topics),
      })
    case 'rebalancing':
      return t(`groups.states.${finding.state}`)
  }
}

function listOf(partitions: readonly GroupPartition[]): string {
  return shortList(partitions.map(({ topic, partition }) => `${topic}-${partition}`))
}

function shortList(names: readonly string[]): string {
  const named = names.slice(0, NAMED_MAX).join(', ')
  const more = names.length - NAMED_MAX
  return more > 0 ? t('group.andMore', { list: named, count: more }) : named
}
