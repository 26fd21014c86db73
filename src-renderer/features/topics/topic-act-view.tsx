/** An act on several topics while it runs, and what came of each of them. */
import { Modal } from '@mantine/core'
import { Check, TriangleAlert } from 'lucide-react'
import { useEffect } from 'react'
import type {
  TopicActProgress,
  TopicActResult,
  TopicActType,
} from '../../../src-main/contract/model/topic-act.ts'
import { useClient, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { Button } from '../../ui/button.tsx'
import { sayValue } from '../../ui/configuration/say-value.ts'
import { formatCount } from '../../ui/format/number.ts'
import { Failure, Gone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { isOver, TopicActRun } from './topic-act-run.ts'

interface TopicActViewProps {
  readonly jobId: string
  readonly onClose: () => void
  /** Told once, of all results. */
  readonly onOver?: (results: readonly TopicActResult[]) => void
}

export function TopicActView({ jobId, onClose, onOver }: TopicActViewProps) {
  const client = useClient()
  const run = useHeld(() => new TopicActRun(client, jobId), jobId)
  return <RunView run={run} onClose={onClose} onOver={onOver} />
}

interface RunViewProps extends Omit<TopicActViewProps, 'jobId'> {
  readonly run: TopicActRun
}

function RunView({ run, onClose, onOver }: RunViewProps) {
  const view = useStore(run)
  const { progress, results, problem } = view
  const over = isOver(view)
  const fineAlone =
    over && progress?.askedCount === 1 && results.length === 1 && results[0]!.problem === null
  useEffect(() => {
    if (!over) return
    onOver?.(results)
    // One that succeeded is seen in the list behind, and nobody comes back for it.
    if (!fineAlone || onOver === undefined) return
    run.dismiss()
    onClose()
    // Once: whoever is told may draw itself anew, and gives another function then.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [over, run])
  if (progress === null)
    return problem === null ? (
      <Loading what={t('bulk.waiting')} />
    ) : problem.code === 'NOT_FOUND' ? (
      <Gone sentence={t('bulk.gone')}>
        <Button onClick={onClose}>{t('configuration.close')}</Button>
      </Gone>
    ) : (
      <Failure what={t('bulk.reading')} problem={problem} />
    )
  if (over) return <Over progress={progress} results={results} onClose={onClose} />
  return (
    <div className="confirm" role="status">
      <p>
        {t('bulk.running', {
          done: formatCount(results.length),
          all: formatCount(progress.askedCount),
        })}
      </p>
      <progress
        className="bulk-progress"
        value={results.length}
        max={progress.askedCount}
        aria-label={t('bulk.progress')}
      />
      <p className="quiet">{t('bulk.goesOn')}</p>
      <div className="confirm-acts">
        <Button
          whyNot={progress.state === 'stopping' ? t('bulk.stopping') : null}
          onClick={run.stop}
        >
          {t('bulk.stop')}
        </Button>
        <Button kind="primary" onClick={onClose}>
          {t('configuration.close')}
        </Button>
      </div>
    </div>
  )
}

/** Nobody reads ten thousand lines that say the same; what did not succeed stands before them. */
const RESULTS_SHOWN_MAX = 500

interface OverProps {
  readonly progress: Omit<TopicActProgress, 'from' | 'results'>
  readonly results: readonly TopicActResult[]
  readonly onClose: () => void
}

/** What did not succeed comes first. */
function Over({ progress, results, onClose }: OverProps) {
  const { act, askedCount, state, problem } = progress
  const failed = results.filter(each => each.problem !== null)
  const done = results.filter(each => each.problem === null)
  const shown = [...failed, ...done].slice(0, RESULTS_SHOWN_MAX)
  const left = askedCount - results.length
  return (
    <div className="confirm" role="status">
      <p>
        {t('bulk.done', { count: done.length, formatted: formatCount(done.length) })}
        {failed.length > 0 &&
          ` ${t('bulk.failed', { count: failed.length, formatted: formatCount(failed.length) })}`}
        {left > 0 && ` ${t('bulk.stopped', { count: left, formatted: formatCount(left) })}`}
      </p>
      {state === 'failed' && problem !== null && (
        <p className="bad" role="alert">
          <span className="mono">{problem.code}</span>: {sayProblem(problem).message}
        </p>
      )}
      <ul className="bulk-results" tabIndex={0} aria-label={t('bulk.results')}>
        {shown.map(result => (
          <Result key={result.name} act={act} result={result} />
        ))}
        {results.length > shown.length && (
          <li className="faint">{t('delete.more', { count: results.length - shown.length })}</li>
        )}
      </ul>
      <div className="confirm-acts">
        <Button kind="primary" onClick={onClose}>
          {t('configuration.close')}
        </Button>
      </div>
    </div>
  )
}

function Result({ act, result }: { readonly act: TopicActType; readonly result: TopicActResult }) {
  const { name, problem } = result
  return (
    <li>
      {problem === null ? (
        <Check size={14} className="good" aria-label={t('bulk.isDone')} />
      ) : (
        <TriangleAlert size={14} className="bad" aria-label={t('bulk.isNot')} />
      )}
      <span className="mono clip" title={name}>
        {name}
      </span>
      <span className={problem === null ? 'faint' : 'bulk-problem'}>
        {problem === null ? said(act, result) : `${problem.code}: ${sayProblem(problem).message}`}
      </span>
    </li>
  )
}

/** What was done: records that went, a value as it is now. */
function said(act: TopicActType, { recordCount, readBack }: TopicActResult): string {
  switch (act) {
    case 'delete':
      return t('delete.deleted')
    case 'purge':
      return t('purge.gone', {
        count: Number(recordCount ?? 0n),
        formatted: formatCount(recordCount),
      })
    case 'configure': {
      if (readBack === null) return ''
      const { value } = readBack
      const now = value === null ? t('configuration.unset') : sayValue(readBack, value)
      return t('configureMany.now', { value: now })
    }
  }
}

/** The same by its address, as the list of jobs leads to it. */
export function TopicActDialog({
  jobId,
  onClose,
}: {
  /** Null while none is shown. */
  readonly jobId: string | null
  readonly onClose: () => void
}) {
  return jobId === null ? null : <ActDialog key={jobId} jobId={jobId} onClose={onClose} />
}

function ActDialog({ jobId, onClose }: { readonly jobId: string; readonly onClose: () => void }) {
  const client = useClient()
  const run = useHeld(() => new TopicActRun(client, jobId), jobId)
  const { progress } = useStore(run)
  const title =
    progress === null
      ? t('bulk.title')
      : t(`bulk.titleOf.${progress.act}`, {
          count: progress.askedCount,
          formatted: formatCount(progress.askedCount),
        })
  return (
    <Modal opened onClose={onClose} title={title} size={600}>
      <RunView run={run} onClose={onClose} />
    </Modal>
  )
}
