/** One export from its start to its end; it goes on as a job when nobody looks. */
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import type { Problem } from '../../../../src-main/contract/define.ts'
import type { ExportSummary } from '../../../../src-main/contract/model/export.ts'
import { problemOf } from '../../../connection/answer.ts'
import { Store } from '../../../ui/store.ts'
import type { ExportStart } from './export-form.ts'

export interface ExportRunState {
  readonly starting: boolean
  readonly summary: ExportSummary | null
  readonly problem: Problem | null
}

const NOT_BEGUN: ExportRunState = { starting: false, summary: null, problem: null }

export class ExportRun extends Store<ExportRunState> {
  readonly #client: ApplicationClient
  #stopWatching: (() => void) | null = null

  constructor(client: ApplicationClient) {
    super(NOT_BEGUN)
    this.#client = client
  }

  open(): void {
    // Begins when it is told to.
  }

  /** Stops looking, not the export. */
  close(): void {
    this.#stopWatching?.()
    this.#stopWatching = null
  }

  /** Answers where a download is fetched from, null for a file. */
  async start(input: ExportStart): Promise<string | null> {
    this.replace({ starting: true, summary: null, problem: null })
    try {
      const summary = await this.#client.call('export.start', input)
      this.replace({ starting: false, summary, problem: null })
      this.#watch(summary.exportId)
      return summary.downloadPath
    } catch (error) {
      // The dialog says what is wrong, and keeps what was filled in.
      this.replace({ starting: false, summary: null, problem: problemOf(error) })
      return null
    }
  }

  readonly stop = async (): Promise<void> => {
    const { summary } = this.snapshot()
    if (summary === null) return
    try {
      const stopped = await this.#client.call('export.stop', { exportId: summary.exportId })
      this.replace({ ...this.snapshot(), summary: stopped })
    } catch (error) {
      this.replace({ ...this.snapshot(), problem: problemOf(error) })
    }
  }

  readonly again = (): void => {
    this.close()
    this.replace(NOT_BEGUN)
  }

  #watch(exportId: string): void {
    this.close()
    this.#stopWatching = this.#client.stream(
      'export.watch',
      { exportId },
      {
        onItem: summary => this.replace({ ...this.snapshot(), summary }),
        onEnd: problem => {
          if (problem !== null) this.replace({ ...this.snapshot(), problem })
        },
      },
    )
  }
}
