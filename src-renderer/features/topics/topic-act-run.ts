/** One act on several topics as it goes on in the application: results that came so far. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import type {
  TopicActProgress,
  TopicActResult,
} from '../../../src-main/contract/model/topic-act.ts'
import { Store } from '../../ui/store.ts'

export interface TopicActView {
  /** Null until the application has told of it. */
  readonly progress: Omit<TopicActProgress, 'from' | 'results'> | null
  readonly results: readonly TopicActResult[]
  /** Why nothing more can be told. */
  readonly problem: Problem | null
}

const UNKNOWN: TopicActView = { progress: null, results: [], problem: null }

export class TopicActRun extends Store<TopicActView> {
  readonly jobId: string
  readonly #client: ApplicationClient
  #close = () => {}

  constructor(client: ApplicationClient, jobId: string) {
    super(UNKNOWN)
    this.#client = client
    this.jobId = jobId
  }

  open(): void {
    // After a lost connection it goes on where it was.
    const input = () => ({ jobId: this.jobId, from: this.snapshot().results.length })
    this.#close = this.#client.stream('topic.act-results', input, {
      onItem: ({ from, results, ...progress }) => {
        const before = this.snapshot().results.slice(0, from)
        this.replace({ progress, results: [...before, ...results], problem: null })
      },
      onEnd: problem => this.replace({ ...this.snapshot(), problem }),
    })
  }

  close(): void {
    this.#close()
  }

  /** What comes of it shows in the run itself. */
  readonly stop = (): void => {
    this.#client.call('job.stop', { jobId: this.jobId }).catch(() => {})
  }

  /** Off the list of jobs: there is nothing in it to come back to. */
  readonly dismiss = (): void => {
    this.#client.call('job.dismiss', { jobId: this.jobId }).catch(() => {})
  }
}

export function isOver({ progress, problem }: TopicActView): boolean {
  if (progress === null) return problem !== null
  return problem !== null || (progress.state !== 'running' && progress.state !== 'stopping')
}
