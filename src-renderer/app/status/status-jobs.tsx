/** The jobs in the status bar: the newest that runs, and behind it the list of all. */
import { Popover } from '@mantine/core'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { JobSummary } from '../../../src-main/contract/model/job.ts'
import { useClient, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount, formatPercent, formatRate } from '../../ui/format/number.ts'
import { useStore } from '../../ui/store.ts'
import { isActive, JobList, jobName, jobPage, jobShare } from './jobs.ts'

export function StatusJobs() {
  const client = useClient()
  const list = useHeld(() => new JobList(client), 'all')
  const jobs = useStore(list)
  const [opened, setOpened] = useState(false)
  if (jobs.length === 0) return null
  return (
    <Popover position="top-end" trapFocus returnFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <button
          type="button"
          className="status-button status-jobs"
          title={t('jobs.hint')}
          onClick={() => setOpened(before => !before)}
        >
          <span className="visually-hidden">{t('jobs.label')}: </span>
          <Headline jobs={jobs} />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <section className="jobs" aria-label={t('jobs.label')}>
          <ul className="jobs-list">
            {jobs.map(job => (
              <Job key={job.jobId} job={job} list={list} onFollow={() => setOpened(false)} />
            ))}
          </ul>
          {jobs.some(job => !isActive(job)) && (
            <Button kind="quiet" onClick={() => list.dismiss(null)}>
              {t('jobs.dismissAll')}
            </Button>
          )}
        </section>
      </Popover.Dropdown>
    </Popover>
  )
}

function Headline({ jobs }: { readonly jobs: readonly JobSummary[] }) {
  const active = jobs.filter(isActive)
  const [newest] = active
  if (newest === undefined) {
    const failed = jobs.some(({ state }) => state === 'failed')
    return (
      <span className={failed ? 'bad' : 'quiet'}>{t('jobs.ended', { count: jobs.length })}</span>
    )
  }
  const share = jobShare(newest)
  return (
    <>
      <span className="status-job-name">
        {active.length === 1 ? jobName(newest) : t('jobs.running', { count: active.length })}
      </span>
      {share === null ? null : <Bar share={share} state={newest.state} />}
      <span>{share === null ? done(newest) : formatPercent(share, 1)}</span>
    </>
  )
}

interface JobProps {
  readonly job: JobSummary
  readonly list: JobList
  /** The way to its results was taken, and the list is in the way. */
  readonly onFollow: () => void
}

function Job({ job, list, onFollow }: JobProps) {
  const name = jobName(job)
  const page = jobPage(job)
  const share = jobShare(job)
  const problem = job.problem === null ? null : sayProblem(job.problem)
  return (
    <li className="job">
      <div className="job-head">
        {page === null ? (
          <span className="job-name">{name}</span>
        ) : (
          <a className="job-name" href={`#/${job.cluster}/${page}`} title={name} onClick={onFollow}>
            {name}
          </a>
        )}
        <span className={job.state === 'failed' ? 'bad' : 'quiet'}>
          {t(`jobs.state.${job.state}`)}
        </span>
        {isActive(job) ? (
          <Button
            kind="quiet"
            aria-label={t('jobs.stop', { job: name })}
            title={t('jobs.stop', { job: name })}
            icon={<X size={14} />}
            onClick={() => list.stop(job.jobId)}
          />
        ) : (
          <Button
            kind="quiet"
            aria-label={t('jobs.dismiss')}
            title={t('jobs.dismiss')}
            icon={<X size={14} />}
            onClick={() => list.dismiss(job.jobId)}
          />
        )}
      </div>
      {share !== null && <Bar share={share} state={job.state} />}
      <div className="job-figures">{figures(job).join(' · ')}</div>
      {problem !== null && (
        <div className="job-figures bad">
          {problem.code}: {problem.message}
        </div>
      )}
    </li>
  )
}

function Bar({ share, state }: { readonly share: number; readonly state: JobSummary['state'] }) {
  return (
    <span className="job-bar" data-state={state} aria-hidden>
      <span style={{ inlineSize: `${share * 100}%` }} />
    </span>
  )
}

function done({ progress }: JobSummary): string {
  return progress.unit === 'bytes' ? formatBytes(progress.done) : formatCount(progress.done)
}

function figures(job: JobSummary): string[] {
  const { progress, ratePerSecond, timeLeftMs, startedAtMs, endedAtMs } = job
  const amount = (count: bigint) =>
    progress.unit === 'bytes' ? formatBytes(count) : formatCount(count)
  const reached =
    progress.total === null
      ? amount(progress.done)
      : t('jobs.of', { done: amount(progress.done), total: amount(progress.total) })
  const unit = progress.unit === 'bytes' ? '' : ` ${t(`jobs.unit.${progress.unit}`)}`
  const rate =
    progress.unit === 'bytes'
      ? formatBytes(Math.round(ratePerSecond ?? 0))
      : formatRate(ratePerSecond)
  return [
    reached + unit,
    ...(ratePerSecond === null ? [] : [`${rate}/s`]),
    ...(timeLeftMs === null ? [] : [t('jobs.left', { span: formatDuration(timeLeftMs) })]),
    ...(endedAtMs === null
      ? []
      : [t('jobs.took', { span: formatDuration(Number(endedAtMs - startedAtMs)) })]),
    ...(progress.found === null ? [] : [t('jobs.found', { found: formatCount(progress.found) })]),
    ...(progress.errorCount === 0n
      ? []
      : [t('jobs.errors', { count: Number(progress.errorCount) })]),
  ]
}
