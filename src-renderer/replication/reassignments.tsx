/** Moves that are under way: how far each is, the throttle, and the way back. */
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type {
  BrokerThrottle,
  ReassignmentUnderWay,
  TopicPartition,
} from '../../src-main/contract/model/replication.ts'
import { AskedAnswer, problemOf } from '../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { formatByteRate, formatBytes } from '../ui/format/bytes.ts'
import { formatPercent, UNKNOWN } from '../ui/format/number.ts'
import { BrokerMark } from '../ui/glyph.tsx'
import { RowLink } from '../ui/row-link.tsx'
import { useStore } from '../ui/store.ts'
import { EqualCommandsPanel } from './equal-commands-panel.tsx'
import { underWayCommands } from './equal-commands.ts'
import { brokerNames } from './finding-words.ts'
import './replication.css'

const THROTTLES_INTERVAL_MS = 3_000
const MEBIBYTE = 1_048_576

interface ReassignmentsProps {
  readonly reassignments: readonly ReassignmentUnderWay[]
  readonly onDone: () => void
}

export function Reassignments({ reassignments, onDone }: ReassignmentsProps) {
  const client = useClient()
  const { id: cluster, readOnly, bootstrap } = useCluster()
  const moving = reassignments.length > 0
  const throttles = useHeld(
    () => new AskedAnswer(client, 'replication.throttles', { cluster }, THROTTLES_INTERVAL_MS),
    // Asked anew at once when moves begin or end: that is when throttles come and go.
    `${cluster} ${moving}`,
  )
  const set = (useStore(throttles).value ?? []).filter(({ isSet }) => isSet)
  const rate = rateOf(set)
  const whyNot = readOnly ? t('readOnly') : null
  const tell = (error: unknown) =>
    notifications.show({ message: problemOf(error).message, color: 'red' })
  const cancel = async (partitions: readonly TopicPartition[]) => {
    const places = partitions.map(({ topic, partition }) => ({ topic, partition }))
    const input = { cluster, partitions: places }
    const results = await client.call('replication.cancel', input).catch((error: unknown) => {
      tell(error)
      return []
    })
    for (const { topic, partition, problem } of results.slice(0, 3))
      notifications.show({
        message:
          problem?.message ?? t('reassign.cancelled', { partition: `${topic}-${partition}` }),
        ...(problem === null ? { autoClose: 3_500 } : { color: 'red' }),
      })
    onDone()
  }
  const throttle = async (bytesPerSecond: number | null) => {
    await client.call('replication.set-throttle', { cluster, bytesPerSecond }).catch(tell)
    throttles.refresh()
  }
  if (!moving) {
    if (set.length === 0) return null
    const brokers = brokerNames(set.map(({ broker }) => broker))
    return (
      <div className="notice">
        <span>
          {rate === null
            ? t('reassign.throttleLeftUnknown', { brokers })
            : t('reassign.throttleLeft', { rate: formatByteRate(rate), brokers })}
        </span>
        <span className="spacer" />
        <Button kind="quiet" whyNot={whyNot} onClick={() => void throttle(null)}>
          {t('reassign.removeThrottle')}
        </Button>
      </div>
    )
  }
  return (
    <section className="cluster-section" aria-label={t('reassign.underWay')}>
      <header>
        <h2 className="section-title">{t('reassign.underWay')}</h2>
        <span className="faint">
          {set.length === 0
            ? t('reassign.notThrottled')
            : rate === null
              ? t('reassign.throttledUnknown')
              : t('reassign.throttled', { rate: formatByteRate(rate) })}
        </span>
        <span className="spacer" />
        <Throttle whyNot={whyNot} isSet={set.length > 0} onSet={throttle} />
        <Button kind="danger" whyNot={whyNot} onClick={() => void cancel(reassignments)}>
          {t('reassign.cancelAll', { count: reassignments.length })}
        </Button>
      </header>
      <table className="small-table">
        <thead>
          <tr>
            <th>{t('reassign.partition')}</th>
            <th>{t('replication.adding')}</th>
            <th>{t('replication.removing')}</th>
            <th className="number">{t('reassign.progress')}</th>
            <th>
              <span className="visually-hidden">{t('reassign.cancel')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {reassignments.map(each => (
            <tr key={`${each.topic}-${each.partition}`}>
              <td className="mono">
                <RowLink
                  path={[cluster, 'topics', each.topic, 'partitions']}
                  title={`${each.topic}-${each.partition}`}
                >
                  {each.topic}-{each.partition}
                </RowLink>
              </td>
              <td>
                <Marks ids={each.adding} />
              </td>
              <td>
                <Marks ids={each.removing} />
              </td>
              <td className="number">
                <Progress reassignment={each} />
              </td>
              <td className="number">
                <Button
                  kind="quiet"
                  title={t('reassign.cancelHint')}
                  whyNot={whyNot}
                  onClick={() => void cancel([each])}
                >
                  {t('reassign.cancel')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <EqualCommandsPanel
        tool="kafka-reassign-partitions.sh"
        commands={underWayCommands({
          bootstrap,
          assignments: reassignments.map(({ topic, partition, replicas, removing }) => {
            return { topic, partition, replicas: replicas.filter(id => !removing.includes(id)) }
          }),
          throttleBytesPerSecond: rate,
        })}
      />
    </section>
  )
}

interface ThrottleProps {
  readonly whyNot: string | null
  readonly isSet: boolean
  readonly onSet: (bytesPerSecond: number | null) => Promise<void>
}

function Throttle({ whyNot, isSet: some, onSet }: ThrottleProps) {
  const [text, setText] = useState('')
  const rate = Number(text)
  const fits = text !== '' && Number.isFinite(rate) && rate > 0
  return (
    <>
      <input
        className="field number reassign-number"
        inputMode="decimal"
        aria-label={`${t('reassign.throttle')}, ${t('reassign.throttleUnit')}`}
        placeholder="MiB/s"
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <Button
        whyNot={whyNot ?? (fits ? null : t('reassign.throttleWrong'))}
        onClick={() => void onSet(Math.max(1_024, Math.round(rate * MEBIBYTE)))}
      >
        {t('reassign.setThrottle')}
      </Button>
      {some && (
        <Button whyNot={whyNot} onClick={() => void onSet(null)}>
          {t('reassign.removeThrottle')}
        </Button>
      )}
    </>
  )
}

function Progress({ reassignment }: { readonly reassignment: ReassignmentUnderWay }) {
  const { copiedBytes, totalBytes } = reassignment
  if (copiedBytes === null || totalBytes === null) return <span className="faint">{UNKNOWN}</span>
  const words = { copied: formatBytes(copiedBytes), total: formatBytes(totalBytes) }
  return (
    <span title={t('reassign.progressOf', words)}>
      {t('reassign.progressOf', words)}
      <span className="faint"> · {formatPercent(copiedBytes, totalBytes)}</span>
    </span>
  )
}

function Marks({ ids }: { readonly ids: readonly number[] }) {
  if (ids.length === 0) return <span className="faint">{t('replication.none')}</span>
  return (
    <span className="moves-replicas">
      {ids.map(id => (
        <BrokerMark key={id} id={id} />
      ))}
    </span>
  )
}

/** The lowest of them, what holds back the move as a whole; null where none is known. */
function rateOf(throttles: readonly BrokerThrottle[]): number | null {
  const rates = throttles.flatMap(each => [
    each.leaderBytesPerSecond ?? Infinity,
    each.followerBytesPerSecond ?? Infinity,
  ])
  const lowest = Math.min(...rates)
  return lowest === Infinity ? null : lowest
}
