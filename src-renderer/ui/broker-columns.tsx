/** Brokers as lines of a table; the overview and the page of brokers share them. */
import { Tooltip } from '@mantine/core'
import type { BrokerState, BrokerSummary } from '../../src-main/contract/model/cluster.ts'
import { t } from '../i18n/i18n.ts'
import { sayProblem } from '../i18n/problems.ts'
import { CopyButton } from './copy-button.tsx'
import { formatBytes } from './format/bytes.ts'
import { formatCount, threeDigits, UNKNOWN } from './format/number.ts'
import { BrokerMark, Glyph, type GlyphState } from './glyph.tsx'
import type { Column } from './table/column.ts'
import type { SortValue } from './table/sort-search.ts'

const STATES: Readonly<Record<BrokerState, GlyphState>> = {
  online: 'inSync',
  unreachable: 'outOfSync',
  offline: 'offline',
}

export function addressOf({ host, port }: BrokerSummary): string | null {
  return host === null || port === null ? null : `${host}:${port}`
}

export function brokerValue(broker: BrokerSummary, column: string): SortValue {
  switch (column) {
    case 'address':
      return addressOf(broker)
    case 'leaders':
      return broker.leaderCount
    case 'replicas':
      return broker.replicaCount
    case 'size':
      return broker.sizeBytes
    default:
      return broker.id
  }
}

/** Leaders per broker if all had the same; only brokers that are there count. */
export function evenShare(brokers: readonly BrokerSummary[]): number | null {
  const there = brokers.filter(({ state }) => state !== 'offline')
  const leaders = there.reduce((sum, { leaderCount }) => sum + leaderCount, 0)
  return there.length < 2 || leaders === 0 ? null : leaders / there.length
}

export function brokerColumns(leaderShare: number | null): readonly Column<BrokerSummary>[] {
  return [
    {
      id: 'id',
      title: t('brokers.broker'),
      width: 110,
      sortable: true,
      text: broker => String(broker.id),
      cell: broker => (
        <span className="broker-cell">
          <BrokerMark id={broker.id} />
          {broker.isController && (
            <Tooltip label={t('brokers.controllerHint')}>
              <span className="tag">{t('brokers.controller')}</span>
            </Tooltip>
          )}
        </span>
      ),
    },
    {
      id: 'state',
      title: t('brokers.state'),
      width: 120,
      text: broker => broker.state,
      cell: broker => (
        <span title={broker.problem === null ? undefined : sayProblem(broker.problem).message}>
          <Glyph
            state={STATES[broker.state]}
            explanation={t(`brokers.stateHint.${broker.state}`)}
          />{' '}
          {t(`brokers.states.${broker.state}`)}
        </span>
      ),
    },
    {
      id: 'address',
      title: t('brokers.address'),
      width: 190,
      grow: 1,
      mono: true,
      sortable: true,
      text: broker => addressOf(broker) ?? '',
      cell: broker => <Address broker={broker} />,
    },
    {
      id: 'rack',
      title: t('brokers.rack'),
      width: 100,
      hiddenAtFirst: true,
      text: broker => broker.rack ?? '',
      cell: broker => broker.rack ?? UNKNOWN,
    },
    {
      id: 'leaders',
      title: t('brokers.leaders'),
      hint: t('brokers.leadersHint'),
      width: 90,
      align: 'end',
      sortable: true,
      text: broker => String(broker.leaderCount),
      cell: broker => formatCount(broker.leaderCount),
    },
    {
      id: 'leaderSkew',
      title: t('brokers.leaderSkew'),
      hint: t('brokers.leaderSkewHint'),
      width: 80,
      align: 'end',
      text: broker => skewText(broker.leaderCount, leaderShare),
      cell: broker => <Skew count={broker.leaderCount} share={leaderShare} />,
    },
    {
      id: 'replicas',
      title: t('brokers.replicas'),
      hint: t('brokers.replicasHint'),
      width: 110,
      align: 'end',
      sortable: true,
      text: broker => `${broker.inSyncCount}/${broker.replicaCount}`,
      cell: broker => (
        <span
          className={broker.inSyncCount < broker.replicaCount ? 'warn' : undefined}
          title={t('brokers.inSync', { count: broker.inSyncCount, all: broker.replicaCount })}
        >
          {formatCount(broker.replicaCount)}
        </span>
      ),
    },
    {
      id: 'size',
      title: t('brokers.size'),
      hint: t('brokers.sizeHint'),
      width: 100,
      align: 'end',
      sortable: true,
      text: broker => String(broker.sizeBytes ?? ''),
      cell: broker => (
        <span
          title={
            broker.sizeBytes === null
              ? t('brokers.sizeUnknown')
              : `${formatCount(broker.sizeBytes)} B`
          }
        >
          {formatBytes(broker.sizeBytes)}
        </span>
      ),
    },
  ]
}

/** Beyond this share more or less, a broker does noticeably more or less work than its peers. */
const SKEW_NOTICED = 0.2

function Skew({ count, share }: { readonly count: number; readonly share: number | null }) {
  const text = skewText(count, share)
  if (share === null) return <span className="faint">{UNKNOWN}</span>
  const noticed = Math.abs(count / share - 1) > SKEW_NOTICED
  return (
    <span
      className={noticed ? 'warn' : 'quiet'}
      title={t('brokers.skew', { percent: text, share: threeDigits(share) })}
    >
      {text}
    </span>
  )
}

function skewText(count: number, share: number | null): string {
  if (share === null) return ''
  const percent = Math.round((count / share - 1) * 100)
  return percent === 0 ? '0 %' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}

function Address({ broker }: { readonly broker: BrokerSummary }) {
  const address = addressOf(broker)
  if (address === null) return <span title={t('brokers.addressUnknown')}>{UNKNOWN}</span>
  return (
    <span className="copyable">
      <span className="clip">{address}</span>
      <CopyButton text={address} label={t('brokers.copyAddress')} />
    </span>
  )
}
