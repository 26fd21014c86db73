/** Long work: what runs, how far it is, and how to stop it. */
import { nullable, object, string } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import type { JobSummary } from '../model/job.ts'

const jobId = string({ minLength: 1, maxLength: 64 })

export const jobApi = {
  commands: {
    /** It answers at once; the job says `stopping` and then `stopped`. `NOT_FOUND` if it is gone. */
    'job.stop': { input: object({ jobId }), output: returns<JobSummary>() },
    /** Takes one that has ended off the list; null takes all that have ended. */
    'job.dismiss': { input: object({ jobId: nullable(jobId) }), output: returns<null>() },
  },
  streams: {
    /** All of them, the newest first: at once, and after changes, at most four times a second. */
    'job.watch': { input: object({}), item: returns<readonly JobSummary[]>() },
  },
  events: {},
} as const satisfies Contract
