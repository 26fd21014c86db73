import { expect, test } from 'vitest'
import { Jobs, type JobOptions } from '../../../src-main/jobs/jobs.ts'

const options: JobOptions = { kind: 'search', cluster: 'local', subject: 'orders', unit: 'records' }

function world() {
  const clock = { nowMs: 1_000 }
  const jobs = new Jobs(() => clock.nowMs)
  return { clock, jobs }
}

test('a job that runs to its end is done, with the rate of the whole time', async () => {
  const { clock, jobs } = world()
  const { jobId, ended } = jobs.start({ ...options, total: 500n }, async job => {
    clock.nowMs += 2_000
    job.report({ done: 500n })
    return 'all'
  })
  expect(await ended).toBe('all')
  expect(jobs.get(jobId)).toMatchObject({
    state: 'done',
    ratePerSecond: 250,
    timeLeftMs: null,
    startedAtMs: 1_000n,
    endedAtMs: 3_000n,
    problem: null,
  })
})

test('while it runs, rate and time left come from the last seconds', async () => {
  const { clock, jobs } = world()
  const gate = Promise.withResolvers<void>()
  const { jobId, ended } = jobs.start({ ...options, total: 10_000n }, async job => {
    for (const done of [1_000n, 2_000n, 3_000n]) {
      clock.nowMs += 1_000
      job.report({ done, found: done / 100n })
    }
    await gate.promise
  })
  expect(jobs.get(jobId)).toMatchObject({ ratePerSecond: 1_000, timeLeftMs: 7_000 })
  expect(jobs.get(jobId).progress.found).toBe(30n)
  gate.resolve()
  await ended
})

test('a stop aborts the work, and the job says stopping until the work has ended', async () => {
  const { jobs } = world()
  const gate = Promise.withResolvers<void>()
  const { jobId, ended } = jobs.start(options, async ({ signal }) => {
    await gate.promise
    signal.throwIfAborted()
  })
  expect(jobs.stop(jobId).state).toBe('stopping')
  gate.resolve()
  await expect(ended).rejects.toThrow()
  expect(jobs.get(jobId)).toMatchObject({ state: 'stopped', problem: null })
})

test('a job that throws has failed, and says why', async () => {
  const { jobs } = world()
  const { jobId, ended } = jobs.start(options, async () => {
    throw new TypeError('no such thing')
  })
  await expect(ended).rejects.toThrow('no such thing')
  expect(jobs.get(jobId)).toMatchObject({ state: 'failed', problem: { code: 'INTERNAL' } })
})

test('only what has ended can be dismissed, and the newest is listed first', async () => {
  const { jobs } = world()
  const gate = Promise.withResolvers<void>()
  const first = jobs.start(options, async () => {})
  const second = jobs.start(options, () => gate.promise)
  await first.ended
  expect(jobs.list().map(({ jobId }) => jobId)).toEqual([second.jobId, first.jobId])
  jobs.dismiss(null)
  expect(jobs.list().map(({ jobId }) => jobId)).toEqual([second.jobId])
  expect(() => jobs.get(first.jobId)).toThrow(/NOT_FOUND/)
  gate.resolve()
  await second.ended
})

test('of many that have ended the newest fifty stay, and none that runs goes', async () => {
  const { jobs } = world()
  const gate = Promise.withResolvers<void>()
  const running = jobs.start(options, () => gate.promise)
  const ended = Array.from({ length: 60 }, () => jobs.start(options, async () => {}))
  await Promise.all(ended.map(each => each.ended))
  expect(jobs.list().map(({ jobId }) => jobId)).toEqual([
    ...ended
      .slice(10)
      .map(({ jobId }) => jobId)
      .reverse(),
    running.jobId,
  ])
  gate.resolve()
  await running.ended
})
