/**
 * A reassignment as a job: throttled if wanted, begun, watched until the last partition has moved,
 * and tidied up. Stopping it cancels what is still under way; what has moved stays.
 */
import type { Client } from '../../engine/client/client.ts'
import type { Assignment, StartedReassignment } from '../contract/model/replication.ts'
import type { Jobs, RunningJob } from '../jobs/jobs.ts'
import type { Wait } from '../lookups/watch.ts'
import { copyProgress } from './copy-progress.ts'
import { placeOf } from './plan-reassignment.ts'
import {
  alterReassignments,
  listReassignments,
  type ListedReassignment,
} from '../lookups/reassignments.ts'
import {
  applyThrottle,
  removed,
  throttleSettings,
  type ThrottledMove,
  type ThrottleSettings,
} from './throttle.ts'

const LOOK_INTERVAL_MS = 1_000
/** In a row; a controller that moves answers nobody for a moment. */
const FAILURES_MAX = 30
const SUBJECTS_SHOWN = 3

export interface ReassignmentWork {
  readonly client: Client
  readonly jobs: Jobs
  readonly wait: Wait
  readonly cluster: string
  readonly assignments: readonly Assignment[]
  readonly throttleBytesPerSecond: number | null
  /** Whether somebody set a throttle while it was under way. */
  readonly throttledMeanwhile: () => boolean
  /** Pages are told that topics look different now. */
  readonly onChanged: () => void
}

/** Resolves when the controller has accepted or refused it; throws where it could not be asked. */
export async function startReassignment(work: ReassignmentWork): Promise<StartedReassignment> {
  const { client, jobs, cluster, assignments, throttleBytesPerSecond } = work
  const moves = await movesOf(client, assignments)
  const throttle =
    throttleBytesPerSecond === null ? null : throttleSettings(moves, throttleBytesPerSecond)
  if (throttle !== null) await applyThrottle(client, throttle)
  let results: StartedReassignment['results']
  try {
    results = await alterReassignments(client, assignments)
  } catch (error) {
    // Rethrown: what was set for it must not stay behind.
    if (throttle !== null) await applyThrottle(client, removed(throttle))
    throw error
  }
  const accepted = new Set(results.filter(each => each.problem === null).map(placeOf))
  if (accepted.size === 0) {
    if (throttle !== null) await applyThrottle(client, removed(throttle))
    return { jobId: null, results }
  }
  const { jobId } = jobs.start(
    { kind: 'reassignment', cluster, subject: subjectOf(assignments), unit: 'bytes' },
    job => follow(job, work, { accepted, moves, throttle }),
  )
  work.onChanged()
  return { jobId, results }
}

function subjectOf(assignments: readonly Assignment[]): string {
  const topics = [...new Set(assignments.map(({ topic }) => topic))]
  const rest = topics.length - SUBJECTS_SHOWN
  return topics.slice(0, SUBJECTS_SHOWN).join(', ') + (rest > 0 ? ` +${rest}` : '')
}

async function movesOf(
  client: Client,
  assignments: readonly Assignment[],
): Promise<readonly ThrottledMove[]> {
  const { topics } = await client.metadata([...new Set(assignments.map(({ topic }) => topic))])
  const now = new Map(
    topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicaNodes }) => [
        placeOf({ topic: name ?? '', partition: partitionIndex }),
        replicaNodes,
      ]),
    ),
  )
  return assignments.map(({ topic, partition, replicas }) => {
    const sources = now.get(placeOf({ topic, partition })) ?? []
    return { topic, partition, sources, adding: replicas.filter(id => !sources.includes(id)) }
  })
}

interface Begun {
  readonly accepted: ReadonlySet<string>
  readonly moves: readonly ThrottledMove[]
  readonly throttle: ThrottleSettings | null
}

async function follow(
  job: RunningJob,
  work: ReassignmentWork,
  { accepted, moves, throttle }: Begun,
): Promise<void> {
  const { client, wait, onChanged, throttledMeanwhile } = work
  const progress = new CopiedSoFar()
  let failures = 0
  try {
    while (true) {
      const under = await underWay(client, accepted).catch((error: unknown) => {
        failures += 1
        if (failures >= FAILURES_MAX) throw error
        return null
      })
      if (under !== null) {
        failures = 0
        for (const each of await copyProgress(client, under, wait)) progress.see(each)
        progress.finishAllBut(under)
        job.report({ done: progress.copiedBytes, total: progress.totalBytes })
        if (under.length === 0) return
        if (job.signal.aborted) {
          await cancel(client, under)
          return
        }
      }
      await wait(LOOK_INTERVAL_MS, job.signal)
    }
  } finally {
    const set = throttle ?? (throttledMeanwhile() ? throttleSettings(moves, 0) : null)
    if (set !== null) await applyThrottle(client, removed(set))
    onChanged()
  }
}

async function underWay(
  client: Client,
  accepted: ReadonlySet<string>,
): Promise<readonly ListedReassignment[]> {
  const all = await listReassignments(client, null)
  return all.filter(each => accepted.has(placeOf(each)))
}

async function cancel(client: Client, under: readonly ListedReassignment[]): Promise<void> {
  await alterReassignments(
    client,
    under.map(({ topic, partition }) => ({ topic, partition, replicas: null })),
  )
}

/** Partitions leave the list when they are done, and their bytes stay counted. */
class CopiedSoFar {
  readonly #byPlace = new Map<string, { copied: number; total: number }>()

  see(each: {
    readonly topic: string
    readonly partition: number
    readonly copiedBytes: number | null
    readonly totalBytes: number | null
  }): void {
    if (each.copiedBytes === null || each.totalBytes === null) return
    this.#byPlace.set(placeOf(each), { copied: each.copiedBytes, total: each.totalBytes })
  }

  finishAllBut(under: readonly ListedReassignment[]): void {
    const places = new Set(under.map(placeOf))
    for (const [place, bytes] of this.#byPlace) if (!places.has(place)) bytes.copied = bytes.total
  }

  get copiedBytes(): bigint {
    return this.#sum(({ copied }) => copied)
  }

  get totalBytes(): bigint {
    return this.#sum(({ total }) => total)
  }

  #sum(of: (bytes: { copied: number; total: number }) => number): bigint {
    return BigInt([...this.#byPlace.values()].reduce((sum, each) => sum + of(each), 0))
  }
}
