/** How far the reading is, or what became of it; start, stop and export. */
import { Download, Play, Square } from 'lucide-react'
import type { TopicStatistics } from '../../../src-main/contract/model/statistics.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatByteRate, formatBytes } from '../../ui/format/bytes.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount, formatRate } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'

interface ScanLineProps {
  readonly statistics: TopicStatistics
  readonly onStart: () => void
  readonly onStop: () => void
  readonly onExport: () => void
  /** While the application has not answered to start or stop. */
  readonly busy: boolean
}

export function ScanLine({ statistics, onStart, onStop, onExport, busy }: ScanLineProps) {
  const { state, progress, endedAtMs, startedAtMs } = statistics
  const runs = state === 'running'
  const percent = Math.floor(progress.percent ?? 0)
  const said = state === 'done' && progress.unreadCount > 0 ? 'partly' : state
  return (
    <>
      <div className="toolbar statistics-line">
        {runs ? (
          <span role="status">
            <strong>{t('statistics.percent', { percent })}</strong>
            <span className="quiet">
              {` · ${t('statistics.readSoFar', {
                records: formatCount(progress.recordsRead),
                bytes: formatBytes(progress.bytesRead),
              })} · ${formatRate(progress.recordsPerSecond)}/s · ${formatByteRate(progress.bytesPerSecond)}`}
              {progress.timeLeftMs !== null &&
                ` · ${t('statistics.left', { span: formatDuration(progress.timeLeftMs) })}`}
            </span>
          </span>
        ) : (
          <span role="status">
            <span className={said === 'done' ? '' : 'warn'}>
              {t(`statistics.state.${said}`, { percent })}
            </span>{' '}
            <span className="quiet">
              <Moment timestampMs={endedAtMs ?? startedAtMs} />
              {` · ${t('statistics.readIn', {
                records: formatCount(progress.recordsRead),
                bytes: formatBytes(progress.bytesRead),
                span: formatDuration(progress.elapsedMs),
              })}`}
            </span>
          </span>
        )}
        <span className="spacer" />
        {runs ? (
          <Button
            icon={<Square size={13} aria-hidden />}
            whyNot={busy ? t('confirm.busy') : null}
            onClick={onStop}
          >
            {t('statistics.stop')}
          </Button>
        ) : (
          <Button
            icon={<Play size={13} aria-hidden />}
            whyNot={busy ? t('confirm.busy') : null}
            onClick={onStart}
          >
            {t('statistics.again')}
          </Button>
        )}
        <Button icon={<Download size={14} aria-hidden />} onClick={onExport}>
          {t('statistics.export')}
        </Button>
      </div>
      {runs && (
        <progress
          className="statistics-progress"
          value={progress.percent ?? undefined}
          max={100}
          aria-label={t('statistics.progress')}
        />
      )}
    </>
  )
}
