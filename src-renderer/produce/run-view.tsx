/** How far a run is, how fast, what went wrong, and what stops it. */
import { Download, Square } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import type { ProduceRun } from '../../src-main/contract/model/produce.ts'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes } from '../ui/format/bytes.ts'
import { formatDuration } from '../ui/format/duration.ts'
import { formatCount, formatRate } from '../ui/format/number.ts'
import { useStore } from '../ui/store.ts'
import { useNow } from '../ui/use-now.ts'
import { ProblemText } from './problem-text.tsx'
import type { RunStore } from './runs.ts'

interface RunViewProps {
  readonly store: RunStore
  /** Of the file, for the progress. */
  readonly sizeBytes?: number | null
}

export function RunView({ store, sizeBytes = null }: RunViewProps) {
  const { run, problem } = useStore(store)
  return (
    <>
      {problem !== null && (
        <p className="produce-problem" role="alert">
          <ProblemText problem={problem} />
        </p>
      )}
      {run !== null && <Run store={store} run={run} sizeBytes={sizeBytes} />}
    </>
  )
}

interface RunProps extends RunViewProps {
  readonly run: ProduceRun
}

function Run({ store, run, sizeBytes = null }: RunProps) {
  const { sentCount, failedCount, total, state } = run
  const running = state === 'running' || state === 'stopping'
  const share = shareOf(run, sizeBytes)
  return (
    <section className="produce-run" data-state={state} aria-label={t('produce.run.label')}>
      <div className="produce-run-head">
        <span className="produce-run-state">{t(`produce.run.state.${state}`)}</span>
        <Elapsed run={run} />
        <span className="spacer" />
        {running ? (
          <Button
            icon={<Square size={13} aria-hidden />}
            whyNot={state === 'stopping' ? t('produce.run.stopping') : null}
            onClick={store.stop}
          >
            {t('produce.run.stop')}
          </Button>
        ) : (
          <Button kind="quiet" onClick={store.clear}>
            {t('produce.run.clear')}
          </Button>
        )}
      </div>
      <div
        className="produce-bar"
        role="progressbar"
        aria-label={t('produce.run.label')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.floor(share * 100)}
        data-unknown={(share === null && running) || undefined}
      >
        <span style={{ width: `${(share ?? (running ? 0 : 1)) * 100}%` }} />
      </div>
      <dl className="produce-figures">
        <Figure label={t('produce.run.sent')}>
          {formatCount(sentCount)}
          {total !== null && <span className="faint"> / {formatCount(total)}</span>}
        </Figure>
        <Figure label={t('produce.run.rate')}>{formatRate(run.recordsPerSecond)}</Figure>
        <Figure label={t('produce.run.bytes')}>
          {formatBytes(run.bytesPerSecond)}
          <span className="faint">/s</span>
        </Figure>
        <Figure label={t('produce.run.failed')} bad={failedCount > 0n}>
          {formatCount(failedCount)}
        </Figure>
      </dl>
      {run.retryCount > 0 && (
        <p className="small faint">
          {t('produce.run.retries', {
            count: run.retryCount,
            formatted: formatCount(run.retryCount),
          })}
        </p>
      )}
      {run.last !== null && !running && <LastRecord run={run} />}
      {run.errors.length > 0 && <Errors store={store} run={run} />}
    </section>
  )
}

function shareOf(run: ProduceRun, sizeBytes: number | null): number | null {
  const { total, sentCount, failedCount, readBytes, endedAtMs, state } = run
  if (endedAtMs !== null && state === 'done') return 1
  if (readBytes !== null && sizeBytes !== null && sizeBytes > 0)
    return Math.min(Number(readBytes) / sizeBytes, 1)
  if (total === null || total === 0n) return null
  return Math.min(Number(sentCount + failedCount) / Number(total), 1)
}

function Elapsed({ run }: { readonly run: ProduceRun }) {
  const nowMs = useNow(500)
  const endMs = run.endedAtMs === null ? nowMs : Number(run.endedAtMs)
  return (
    <span className="faint">{formatDuration(Math.max(endMs - Number(run.startedAtMs), 0))}</span>
  )
}

interface FigureProps {
  readonly label: string
  readonly bad?: boolean
  readonly children: React.ReactNode
}

function Figure({ label, bad = false, children }: FigureProps) {
  return (
    <div data-bad={bad || undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function LastRecord({ run }: { readonly run: ProduceRun }) {
  const { partition, offset } = run.last!
  return (
    <p className="small">
      <span className="faint">{t('produce.run.last')}</span>{' '}
      <Link
        to="/$cluster/topics/$topic"
        params={{ cluster: run.cluster, topic: run.topic }}
        search={before => ({ ...before, at: `${partition}:${offset}` })}
        className="mono name-link"
        title={t('produce.readBack')}
      >
        {partition}:{offset.toString()}
      </Link>
    </p>
  )
}

interface ErrorPlaceProps {
  readonly kind: ProduceRun['kind']
  readonly record: bigint
  readonly message: string
}

/** A line that is no record says so itself. */
function ErrorPlace({ kind, record, message }: ErrorPlaceProps) {
  const line = t('produce.run.line', { line: record.toString() })
  if (kind === 'file' && message.startsWith(`line ${record}:`)) return null
  return <span className="mono faint">{kind === 'file' ? line : `#${record}`} </span>
}

interface ErrorsProps {
  readonly store: RunStore
  readonly run: ProduceRun
}

function Errors({ store, run }: ErrorsProps) {
  const download = async () => {
    const url = URL.createObjectURL(await store.errorFile(run.runId))
    const link = document.createElement('a')
    link.href = url
    link.download = `${run.topic}-errors.ndjson`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <div className="produce-errors">
      <div className="produce-content-head">
        <span className="section-title">
          {t('produce.run.errors', {
            count: run.errors.length,
            shown: run.errors.length,
            all: formatCount(run.failedCount),
          })}
        </span>
        <span className="spacer" />
        <Button
          kind="quiet"
          icon={<Download size={14} aria-hidden />}
          title={t('produce.run.downloadHint')}
          onClick={() => void download()}
        >
          {t('produce.run.download')}
        </Button>
      </div>
      <ol>
        {run.errors.map(({ record, problem }) => (
          <li key={record.toString()}>
            <ErrorPlace kind={run.kind} record={record} message={problem.message} />
            <ProblemText problem={problem} />
          </li>
        ))}
      </ol>
    </div>
  )
}
