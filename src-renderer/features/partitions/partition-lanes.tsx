/** Each replica of a partition on a line of its own, drawn to one scale, with what it lacks. */
import type {
  PartitionReplication,
  ReplicaProgress,
} from '../../../src-main/contract/model/replication.ts'
import { t } from '../../i18n/i18n.ts'
import { ReplicaGlyph, standingOf } from '../../replication/replica-strip.tsx'
import { brokerHue } from '../../ui/broker-hue.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark } from '../../ui/glyph.tsx'

interface Scale {
  readonly lowest: bigint
  readonly highest: bigint
}

export function PartitionLanes({ partition }: { readonly partition: PartitionReplication }) {
  const { replicas, highWatermark } = partition
  const scale = scaleOf(replicas)
  return (
    <ol className="replica-lanes" aria-label={t('replication.replicas')}>
      {replicas.map(replica => (
        <li key={replica.broker} className="replica-lane">
          <LaneHead replica={replica} />
          <Lane replica={replica} scale={scale} highWatermark={highWatermark} />
          <LaneFacts replica={replica} />
        </li>
      ))}
    </ol>
  )
}

function scaleOf(replicas: readonly ReplicaProgress[]): Scale {
  const starts = replicas.flatMap(({ logStartOffset }) => logStartOffset ?? [])
  const ends = replicas.flatMap(({ logEndOffset }) => logEndOffset ?? [])
  return {
    lowest: starts.reduce((low, each) => (each < low ? each : low), starts[0] ?? 0n),
    highest: ends.reduce((high, each) => (each > high ? each : high), 0n),
  }
}

function LaneHead({ replica }: { readonly replica: ReplicaProgress }) {
  const standing = standingOf(replica)
  return (
    <span className="replica-lane-head">
      <BrokerMark id={replica.broker} />
      <ReplicaGlyph standing={standing} explanation={t(`replication.role.${standing}`)} />
      <span className={standing === 'leader' || standing === 'inSync' ? 'quiet' : 'warn'}>
        {t(`replication.role.${standing}`)}
      </span>
    </span>
  )
}

interface LaneProps {
  readonly replica: ReplicaProgress
  readonly scale: Scale
  readonly highWatermark: bigint | null
}

function Lane({ replica, scale, highWatermark }: LaneProps) {
  const { broker, logStartOffset: start, logEndOffset: end, lag } = replica
  const span = Number(scale.highest - scale.lowest)
  const share = (offset: bigint) => (span === 0 ? 0 : (Number(offset - scale.lowest) / span) * 100)
  const known = start !== null && end !== null
  const said = known
    ? t('replication.lane', { broker, start: formatCount(start), end: formatCount(end) })
    : t('replication.laneUnknown', { broker })
  const { colour } = brokerHue(broker)
  return (
    <span className="replica-lane-bar" role="img" aria-label={said} title={said}>
      {known && (
        <span
          className="replica-lane-span"
          style={{
            left: `${share(start)}%`,
            width: `${share(end) - share(start)}%`,
            background: colour,
          }}
        />
      )}
      {known && lag !== null && lag > 0n && (
        // However little it lacks, it is to be seen.
        <span className="replica-lane-lack" style={{ width: `max(4px, ${100 - share(end)}%)` }} />
      )}
      {highWatermark !== null && (
        <span
          className="replica-lane-mark"
          style={{ left: `${share(highWatermark)}%` }}
          title={t('replication.hw', { offset: formatCount(highWatermark) })}
        />
      )}
    </span>
  )
}

function LaneFacts({ replica }: { readonly replica: ReplicaProgress }) {
  const { logEndOffset, seenEndOffset, lag, lagMs, lagSource, sizeBytes, isLeader, problem } =
    replica
  const span = lagMs === null || lagMs === 0 ? null : formatDuration(lagMs)
  const words = { lag: formatCount(lag), span: span ?? UNKNOWN }
  return (
    <span className="replica-lane-facts small">
      <span className="mono" title={problem?.message}>
        {logEndOffset === null && seenEndOffset !== null
          ? t('replication.seenEnd', { end: String(seenEndOffset) })
          : t('replication.end', { end: logEndOffset?.toString() ?? UNKNOWN })}
      </span>
      {!isLeader && lag !== null && lag > 0n && (
        <span
          className="warn"
          title={
            lagSource === null
              ? undefined
              : t(lagSource === 'leader' ? 'replication.toldByLeader' : 'replication.observed')
          }
        >
          {span === null ? t('replication.behind', words) : t('replication.behindFor', words)}
        </span>
      )}
      {sizeBytes !== null && <span className="faint">{formatBytes(sizeBytes)}</span>}
    </span>
  )
}
