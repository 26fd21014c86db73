/** The topics that move most, by what is written to them. Rows keep their order for a while. */
import { Link } from '@tanstack/react-router'
import type { TopicRates } from '../../../src-main/contract/model/rates.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { useRates } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatRate } from '../../ui/format/number.ts'
import { useSteadyOrder } from './steady-order.ts'

const SHOWN = 6
const WINDOW_SAMPLES = 10

export function BusiestTopics() {
  const cluster = useCluster().id
  const { samples } = useRates()
  const rates = averageRates(samples.slice(-WINDOW_SAMPLES).map(sample => sample.topics))
  const moving = rates.filter(topic => busy(topic) > 0 && !topic.topic.startsWith('__'))
  const lastMs = Number(samples.at(-1)?.atMs ?? 0n)
  const names = useSteadyOrder(
    moving.map(topic => [topic.topic, busy(topic)]),
    lastMs,
  )
  const byName = new Map(moving.map(topic => [topic.topic, topic]))
  const shown = names.slice(0, SHOWN).flatMap(name => byName.get(name) ?? [])
  return (
    <section className="panel">
      <header className="panel-head">
        <h2 className="section-title">{t('overview.busiest')}</h2>
        <span className="faint small">{t('overview.busiestWindow')}</span>
      </header>
      {shown.length === 0 ? (
        <p className="panel-empty faint">{t('overview.nothingMoves')}</p>
      ) : (
        <table className="small-table">
          <thead>
            <tr>
              <th>{t('overview.topic')}</th>
              <th className="number">{t('overview.inPerSecond')}</th>
              <th className="number">{t('overview.outPerSecond')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(topic => (
              <tr key={topic.topic}>
                <td className="clip">
                  <Link
                    to="/$cluster/topics/$topic"
                    params={{ cluster, topic: topic.topic }}
                    className="name-link"
                    title={topic.topic}
                  >
                    {topic.topic}
                  </Link>
                </td>
                <td className="number">{formatRate(topic.producedRecordsPerSecond)}</td>
                <td className="number">{formatRate(topic.consumedRecordsPerSecond)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function busy(topic: TopicRates): number {
  return topic.producedRecordsPerSecond + topic.consumedRecordsPerSecond
}

/** Mean over the samples; a topic that a sample lacks moved nothing then. */
export function averageRates(samples: readonly (readonly TopicRates[])[]): readonly TopicRates[] {
  const sums = new Map<string, TopicRates>()
  for (const topics of samples)
    for (const { topic, producedRecordsPerSecond, consumedRecordsPerSecond } of topics) {
      const sum = sums.get(topic)
      sums.set(topic, {
        topic,
        producedRecordsPerSecond: (sum?.producedRecordsPerSecond ?? 0) + producedRecordsPerSecond,
        consumedRecordsPerSecond: (sum?.consumedRecordsPerSecond ?? 0) + consumedRecordsPerSecond,
      })
    }
  const count = Math.max(1, samples.length)
  return [...sums.values()].map(sum => ({
    topic: sum.topic,
    producedRecordsPerSecond: sum.producedRecordsPerSecond / count,
    consumedRecordsPerSecond: sum.consumedRecordsPerSecond / count,
  }))
}
