/** What is to be known about a partition, as sentences. */
import type { ReplicationFinding } from '../../src-main/contract/model/replication.ts'
import { t } from '../i18n/i18n.ts'
import { formatDuration } from '../ui/format/duration.ts'
import { formatCount } from '../ui/format/number.ts'
import { formatTimestamp, type Zone } from '../ui/format/time.ts'
import type { GlyphState } from '../ui/glyph.tsx'

export type FindingTone = 'bad' | 'warn' | 'quiet'

export interface FindingWords {
  readonly tone: FindingTone
  readonly glyph: GlyphState
  readonly text: string
}

export function findingWords(finding: ReplicationFinding, zone: Zone): FindingWords {
  return { ...looks[finding.type], text: sentence(finding, zone) }
}

const looks: Readonly<
  Record<ReplicationFinding['type'], { readonly tone: FindingTone; readonly glyph: GlyphState }>
> = {
  'no-leader': { tone: 'bad', glyph: 'offline' },
  'unclean-choice': { tone: 'quiet', glyph: 'outOfSync' },
  'below-min-isr': { tone: 'bad', glyph: 'outOfSync' },
  'at-min-isr': { tone: 'warn', glyph: 'catchingUp' },
  'replica-down': { tone: 'bad', glyph: 'offline' },
  'replica-behind': { tone: 'warn', glyph: 'catchingUp' },
  'replica-joining': { tone: 'quiet', glyph: 'catchingUp' },
  'replica-adding': { tone: 'quiet', glyph: 'catchingUp' },
  'replica-removing': { tone: 'quiet', glyph: 'inSync' },
  'log-dir-failed': { tone: 'bad', glyph: 'offline' },
  'not-preferred': { tone: 'quiet', glyph: 'leader' },
}

function sentence(finding: ReplicationFinding, zone: Zone): string {
  switch (finding.type) {
    case 'no-leader':
      return withoutLeader(finding)
    case 'unclean-choice': {
      const { broker, lost } = finding
      if (lost === null) return t('replication.finding.uncleanChoiceUnknown', { broker })
      if (lost === 0n) return t('replication.finding.uncleanChoiceNothing', { broker })
      return t('replication.finding.uncleanChoice', {
        broker,
        lost: formatCount(lost),
        count: Number(lost),
      })
    }
    case 'below-min-isr':
      return t('replication.finding.belowMinIsr', { count: finding.count, min: finding.min })
    case 'at-min-isr':
      return t('replication.finding.atMinIsr', { count: finding.count, min: finding.min })
    case 'replica-down': {
      const { broker, state, sinceMs, lacking } = finding
      const down =
        sinceMs === null
          ? t(`replication.finding.${state}`, { broker })
          : t(`replication.finding.${state}Since`, {
              broker,
              since: formatTimestamp(sinceMs, zone),
            })
      if (lacking === null || lacking === 0n) return down
      return `${down} ${t('replication.finding.lacking', {
        lag: formatCount(lacking),
        count: Number(lacking),
      })}`
    }
    case 'replica-behind': {
      const { broker, lag, lagMs } = finding
      if (lag === null) return t('replication.finding.behindUnknown', { broker })
      const words = { broker, lag: formatCount(lag), count: Number(lag) }
      if (lagMs === null) return t('replication.finding.behind', words)
      return t('replication.finding.behindFor', { ...words, span: formatDuration(lagMs) })
    }
    case 'replica-joining':
      return t('replication.finding.joining', { broker: finding.broker })
    case 'replica-adding': {
      const { broker, lag } = finding
      if (lag === null) return t('replication.finding.addingUnknown', { broker })
      return t('replication.finding.adding', { broker, lag: formatCount(lag), count: Number(lag) })
    }
    case 'replica-removing':
      return t('replication.finding.removing', { broker: finding.broker })
    case 'log-dir-failed':
      return t('replication.finding.logDir', { broker: finding.broker, reason: finding.reason })
    case 'not-preferred':
      return t('replication.finding.notPreferred', finding)
  }
}

function withoutLeader({
  waitsFor,
  from,
}: Extract<ReplicationFinding, { readonly type: 'no-leader' }>): string {
  if (waitsFor.length === 0) return t('replication.finding.noLeaderNobody')
  const brokers = brokerNames(waitsFor)
  if (from === 'isr') return t('replication.finding.noLeaderIsr', { brokers })
  if (from === 'elr') return t('replication.finding.noLeaderElr', { brokers })
  return t('replication.finding.noLeaderLastKnown', { brokers })
}

/** `broker 2`, `brokers 1, 3`. */
export function brokerNames(ids: readonly number[]): string {
  return t('replication.brokers', { count: ids.length, list: ids.join(', ') })
}
