/** How far a search is, in words: what the scan line says, and nothing that is not known. */
import type { SearchProgress } from '../../../../src-main/contract/model/search.ts'
import { t } from '../../../i18n/i18n.ts'
import { formatBytes, formatByteRate } from '../../../ui/format/bytes.ts'
import { formatDuration } from '../../../ui/format/duration.ts'
import { formatCompact, formatCount } from '../../../ui/format/number.ts'

export interface ScanWords {
  /** The state, where it is more than running. */
  readonly state: string | null
  readonly tone: 'good' | 'warn' | 'bad' | 'quiet'
  /** `4,210,332 of 10,000,000`, rates, time left, found. */
  readonly parts: readonly string[]
}

export function scanWords(progress: SearchProgress): ScanWords {
  const { state } = progress
  const done = formatCount(progress.doneOffsets)
  const read =
    progress.totalOffsets === null
      ? t('scan.read', {
          count: Number(progress.recordsRead),
          formatted: formatCount(progress.recordsRead),
        })
      : t('scan.of', { done, total: formatCount(progress.totalOffsets) })
  const found = t('scan.found', {
    count: Number(progress.found),
    formatted: formatCount(progress.found),
  })
  const rates = [
    `${formatCompact(Math.round(progress.recordsPerSecond))}/s`,
    formatByteRate(progress.bytesPerSecond),
  ]
  switch (state) {
    case 'running':
      return {
        state: null,
        tone: 'quiet',
        parts: [
          read,
          ...rates,
          ...(progress.timeLeftMs === null
            ? []
            : [t('scan.left', { span: formatDuration(wholeSeconds(progress.timeLeftMs)) })]),
          found,
        ],
      }
    case 'waiting':
      return { state: `● ${t('scan.waiting')}`, tone: 'good', parts: [read, found] }
    case 'finished':
      return {
        state: t(progress.unreadCount > 0 ? 'scan.finishedPartly' : 'scan.finished'),
        tone: progress.unreadCount > 0 ? 'warn' : 'good',
        parts: [
          t('scan.records', {
            count: Number(progress.recordsRead),
            formatted: formatCount(progress.recordsRead),
          }),
          t('scan.took', {
            size: formatBytes(progress.bytesRead),
            span: formatDuration(progress.elapsedMs),
          }),
          found,
        ],
      }
    case 'failed':
      return { state: stoppedAt('failed', progress), tone: 'bad', parts: [read, found] }
    default:
      return { state: stoppedAt(state, progress), tone: 'warn', parts: [read, found] }
  }
}

/** `stopped at 42 %`; a live search has no percent. */
function stoppedAt(
  state: 'full' | 'enough' | 'stopped' | 'failed',
  { percent, kept }: SearchProgress,
): string {
  const formatted = formatCount(kept)
  if (percent === null) return t(`scan.${state}`, { count: kept, formatted })
  return t(`scan.${state}At`, { count: kept, formatted, percent: percentText(percent) })
}

/** A hundred only when it is over, and nought only before it began. */
export function percentText(percent: number): string {
  if (percent > 0 && percent < 1) return '< 1'
  if (percent > 99 && percent < 100) return '> 99'
  return Math.round(percent).toString()
}

/** A time left that flickers by milliseconds cannot be read. */
function wholeSeconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1_000)) * 1_000
}

export function isOver(progress: SearchProgress | null): boolean {
  return progress !== null && progress.state !== 'running' && progress.state !== 'waiting'
}

export function canContinue(progress: SearchProgress | null): boolean {
  if (progress === null) return false
  // Those that failed come first in what is shown of the partitions.
  if (progress.state === 'finished')
    return progress.partitions.some(({ state }) => state === 'failed')
  return ['stopped', 'full', 'enough', 'failed'].includes(progress.state)
}
