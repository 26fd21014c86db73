/** A broker's log folders: what each holds, and what the disk below has left. */
import type { BrokerDescription, LogDirSummary } from '../../../src-main/contract/model/cluster.ts'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { estimatedSegments, type SegmentCount } from './segments.ts'

interface LogDirsProps {
  readonly value: BrokerDescription
  /** Of the broker as a whole. */
  readonly counted: SegmentCount
}

export function LogDirs({ value, counted }: LogDirsProps) {
  const { summary, replicas, configurations } = value
  const { logDirs } = summary
  if (logDirs.length === 0) return null
  const segmentsIn = (path: string): SegmentCount =>
    counted.type === 'counted' && logDirs.length === 1
      ? counted
      : estimatedSegments(replicas, configurations, path)
  return (
    <ul className="broker-dirs" aria-label={t('broker.logDirs')}>
      {logDirs.map(dir => (
        <li key={dir.path}>
          <span className="faint">{t('broker.logDir')}</span>
          <span className="mono copyable clip" title={dir.path}>
            <span className="clip">{dir.path}</span>
            <CopyButton text={dir.path} />
          </span>
          {dir.problem === null ? (
            <Figures dir={dir} segments={segmentsIn(dir.path)} />
          ) : (
            <span className="bad">
              {dir.problem.code}: {sayProblem(dir.problem).message}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

function Figures({
  dir,
  segments,
}: {
  readonly dir: LogDirSummary
  readonly segments: SegmentCount
}) {
  const { sizeBytes, replicaCount, totalBytes, usableBytes } = dir
  const count = replicaCount
  return (
    <>
      <span title={`${formatCount(sizeBytes)} B`}>{formatBytes(sizeBytes)}</span>
      <span>{t('broker.partitionCount', { count, formatted: formatCount(count) })}</span>
      <Segments segments={segments} />
      {usableBytes !== null && (
        <span
          className="faint"
          title={
            totalBytes === null ? undefined : t('broker.disk', { size: formatBytes(totalBytes) })
          }
        >
          {t('broker.free', { size: formatBytes(usableBytes) })}
        </span>
      )}
    </>
  )
}

function Segments({ segments }: { readonly segments: SegmentCount }) {
  switch (segments.type) {
    case 'counted':
      return <span>{t('broker.segmentCount', words(segments.count))}</span>
    case 'estimated':
      return (
        <span title={t('broker.segmentsAboutHint')}>
          ≈ {t('broker.segmentCount', words(segments.count))}
        </span>
      )
    case 'unknown':
      return <span className="faint">{t('broker.segmentsUnknown')}</span>
  }
}

function words(count: number) {
  return { count, formatted: formatCount(count) }
}
