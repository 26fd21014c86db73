/** The application's jobs as the status bar tells them, and orders to them. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { JobSummary } from '../../../src-main/contract/model/job.ts'
import { t } from '../../i18n/i18n.ts'
import { Store } from '../../ui/store.ts'

export class JobList extends Store<readonly JobSummary[]> {
  readonly #client: ApplicationClient
  #stop: (() => void) | null = null

  constructor(client: ApplicationClient) {
    super([])
    this.#client = client
  }

  open(): void {
    this.#stop = this.#client.stream('job.watch', {}, { onItem: jobs => this.replace(jobs) })
  }

  close(): void {
    this.#stop?.()
  }

  /** What comes of an order shows in the list. */
  readonly stop = (jobId: string): void => {
    this.#client.call('job.stop', { jobId }).catch(() => {})
  }

  readonly dismiss = (jobId: string | null): void => {
    this.#client.call('job.dismiss', { jobId }).catch(() => {})
  }
}

export function jobName({ kind, subject }: JobSummary): string {
  return t(`jobs.kind.${kind}`, { subject })
}

export function isActive({ state }: JobSummary): boolean {
  return state === 'running' || state === 'stopping'
}

/** Between 0 and 1, or null where the end is not known. */
export function jobShare({ progress: { done, total } }: JobSummary): number | null {
  if (total === null) return null
  return total === 0n ? 1 : Math.min(Number(done) / Number(total), 1)
}

/** Where a job's results are, as a page's address below its cluster; null where nothing is to see. */
export function jobPage({ jobId, kind, subject, target }: JobSummary): string | null {
  const topic = encodeURIComponent(subject.split(', ')[0] ?? '')
  switch (kind) {
    case 'search':
      return target === null ? null : `topics/${topic}?search=${encodeURIComponent(target)}`
    case 'statistics':
      return `topics/${topic}/statistics`
    case 'delete':
    case 'purge':
    case 'configure':
      return `topics?act=${encodeURIComponent(jobId)}`
    default:
      return topic === '' ? null : `topics/${topic}`
  }
}
