/** How far an export is, where its file is, and a way to stop it. */
import type { Problem } from '../../../../src-main/contract/define.ts'
import type { ExportSummary } from '../../../../src-main/contract/model/export.ts'
import { t } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { formatBytes, formatByteRate } from '../../../ui/format/bytes.ts'
import { formatDuration } from '../../../ui/format/duration.ts'
import { formatCompact, formatCount } from '../../../ui/format/number.ts'
import type { ExportRun } from './export-run.ts'

interface ExportProgressProps {
  readonly run: ExportRun
  readonly summary: ExportSummary
  readonly problem: Problem | null
  readonly onClose: () => void
}

export function ExportProgress({ run, summary, problem, onClose }: ExportProgressProps) {
  const { state, progress, file, fileName } = summary
  const percent = state === 'done' ? 100 : (progress?.percent ?? 0)
  const running = state === 'running' || state === 'ready'
  const wrong = problem ?? summary.problem
  return (
    <div className="export">
      <p>
        <strong>{t(`export.state.${state}`)}</strong>{' '}
        <span className="mono">{file ?? fileName}</span>
        {file !== null && <CopyButton text={file} label={t('export.copyPath')} />}
      </p>
      <div
        className="export-bar"
        role="progressbar"
        aria-label={t('export.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent)}
      >
        <div style={{ width: `${percent}%` }} />
      </div>
      <p className="quiet">
        {t('export.written', {
          count: Number(summary.writtenRecords),
          formatted: formatCount(summary.writtenRecords),
          size: formatBytes(summary.writtenBytes),
        })}
        {running && progress !== null && (
          <>
            {' · '}
            {formatCompact(Math.round(progress.recordsPerSecond))}/s ·{' '}
            {formatByteRate(progress.bytesPerSecond)}
            {progress.timeLeftMs !== null &&
              ` · ${t('scan.left', { span: formatDuration(progress.timeLeftMs) })}`}
          </>
        )}
      </p>
      {state === 'stopped' && <p className="quiet">{t('export.nothingLeft')}</p>}
      {progress !== null && progress.unreadableCount > 0n && (
        <p className="warn">
          {t('export.unreadable', {
            count: Number(progress.unreadableCount),
            formatted: formatCount(progress.unreadableCount),
          })}
        </p>
      )}
      {wrong !== null && (
        <p className="bad" role="alert">
          {wrong.message}
        </p>
      )}
      <div className="confirm-acts">
        {running ? (
          <>
            <Button onClick={() => void run.stop()}>{t('export.stop')}</Button>
            <Button kind="primary" onClick={onClose}>
              {t('export.inBackground')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={run.again}>{t('export.another')}</Button>
            <Button kind="primary" onClick={onClose}>
              {t('export.close')}
            </Button>
          </>
        )}
      </div>
    </div>
  )
}
