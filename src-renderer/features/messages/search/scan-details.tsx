/** What the scan line has no room for: each partition, and records that could not be judged. */
import type {
  PartitionScanProgress,
  SearchProgress,
} from '../../../../src-main/contract/model/search.ts'
import { t } from '../../../i18n/i18n.ts'
import { placeHue } from '../../../ui/broker-hue.ts'
import { formatBytes } from '../../../ui/format/bytes.ts'
import { formatCompact, formatCount } from '../../../ui/format/number.ts'
import { writePlace, type RecordPlace } from '../query/address.ts'

const SHOWN_MAX = 500

interface DetailsProps {
  readonly topic: string
  readonly progress: SearchProgress
}

export function PartitionProgress({ topic, progress }: DetailsProps) {
  const several = progress.partitions.some(each => each.topic !== topic)
  return (
    <table className="scan-partitions">
      <thead>
        <tr>
          <th>{t('messages.partition')}</th>
          <th>{t('scan.state')}</th>
          <th className="number">{t('scan.passed')}</th>
          <th aria-hidden />
          <th className="number">{t('scan.rate')}</th>
          <th className="number">{t('scan.bytes')}</th>
          <th className="number">{t('scan.foundTitle')}</th>
        </tr>
      </thead>
      <tbody>
        {progress.partitions.map(each => (
          <PartitionRow
            key={`${each.topic}:${each.partition}`}
            partition={each}
            withTopic={several}
          />
        ))}
      </tbody>
      {progress.partitions.length < progress.partitionCount && (
        <caption className="faint">
          {t('scan.shown', {
            count: progress.partitions.length,
            of: formatCount(progress.partitionCount),
          })}
        </caption>
      )}
    </table>
  )
}

function toneOf(state: PartitionScanProgress['state']): string {
  if (state === 'failed') return 'bad'
  return state === 'silent' ? 'warn' : 'quiet'
}

interface PartitionRowProps {
  readonly partition: PartitionScanProgress
  readonly withTopic: boolean
}

function PartitionRow({ partition: each, withTopic }: PartitionRowProps) {
  const total = each.end === null ? null : each.end - each.start
  const share = total === null || total <= 0n ? 0 : Number((each.doneOffsets * 1_000n) / total) / 10
  return (
    <tr title={each.problem?.message}>
      <td>
        <span
          className="partition-mark"
          style={{ '--hue': placeHue(each.partition).colour } as React.CSSProperties}
        >
          {withTopic && `${each.topic} `}
          {each.partition}
        </span>
      </td>
      <td className={toneOf(each.state)}>{t(`scan.partitionState.${each.state}`)}</td>
      <td className="number">
        {formatCount(each.doneOffsets)}
        {total !== null && <span className="faint"> / {formatCount(total)}</span>}
      </td>
      <td>
        <span className="scan-share">
          <span style={{ width: `${share}%` }} />
        </span>
      </td>
      <td className="number">{formatCompact(Math.round(each.recordsPerSecond))}/s</td>
      <td className="number">{formatBytes(each.bytesRead)}</td>
      <td className="number">{formatCount(each.found)}</td>
    </tr>
  )
}

/** What the result knows nothing of, each with the reason. */
export function UnreadPartitions({ topic, progress }: DetailsProps) {
  const { unread, unreadCount } = progress
  return (
    <div className="scan-errors">
      <p>{t('scan.unreadMeans')}</p>
      {unread.map(each => (
        <div key={`${each.topic}:${each.partition}`} className="scan-error">
          <span className="mono">{each.problem.message}</span>
          <span className="faint">
            {each.topic !== topic && `${each.topic} `}
            {each.partition !== null && t('scan.unreadPartition', { partition: each.partition })}
          </span>
        </div>
      ))}
      {unread.length < unreadCount && (
        <p className="faint">{t('scan.unreadShown', { count: unread.length, of: unreadCount })}</p>
      )}
    </div>
  )
}

interface FilterErrorsProps extends DetailsProps {
  readonly onShow: (place: RecordPlace) => void
}

export function FilterErrors({ topic, progress, onShow }: FilterErrorsProps) {
  return (
    <div className="scan-errors">
      {progress.filterErrorCount > 0n && <p>{t('scan.errorsMean')}</p>}
      {progress.filterErrors.map(({ message, count, first }) => {
        const place = {
          topic: first.topic === topic ? null : first.topic,
          partition: first.partition,
          offset: first.offset,
        }
        return (
          <div key={message} className="scan-error">
            <span className="mono">{message}</span>
            <span className="faint">
              {t('scan.times', { count: Number(count), formatted: formatCount(count) })}
              {' · '}
              <button type="button" className="link" onClick={() => onShow(place)}>
                {t('scan.firstAt', { place: writePlace(place) })}
              </button>
            </span>
          </div>
        )
      })}
      {progress.unreadable.slice(0, SHOWN_MAX).map(each => (
        <div key={`${each.topic}:${each.partition}:${each.from}`} className="scan-error">
          <span className="mono">{each.problem.message}</span>
          <span className="faint">
            {t('scan.unreadable', {
              partition: each.partition,
              from: each.from.toString(),
              to: each.to.toString(),
            })}
          </span>
        </div>
      ))}
    </div>
  )
}
