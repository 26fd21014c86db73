/** Statistics of topics. */
import { TopicStatisticsJobs } from '../statistics/topic-statistics-jobs.ts'
import type { Commands, ServiceContext, Streams } from './handlers.ts'

const WATCH_INTERVAL_MS = 500

export function statisticsHandlers({ clusters, jobs, workers, nowMs, wait }: ServiceContext) {
  const statistics = new TopicStatisticsJobs({ jobs, workers, nowMs })
  const commands = {
    'statistics.start': async ({ partitions, ...subject }, signal) =>
      statistics.start(subject, partitions, signal),
    'statistics.stop': async subject => statistics.stop(subject),
    'statistics.get': async subject => {
      clusters.get(subject.cluster)
      return statistics.get(subject)
    },
  } satisfies Commands
  const streams = {
    'statistics.watch': async (subject, sink) => {
      clusters.get(subject.cluster)
      let changed = true
      const unlisten = statistics.onChange(({ cluster, topic }) => {
        if (cluster === subject.cluster && topic === subject.topic) changed = true
      })
      while (!sink.signal.aborted) {
        if (changed && !sink.congested) {
          changed = false
          sink.emit(statistics.get(subject))
        }
        await wait(WATCH_INTERVAL_MS, sink.signal)
      }
      unlisten()
    },
  } satisfies Streams
  return { commands, streams }
}
