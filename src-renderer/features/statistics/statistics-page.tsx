/** What a topic is made of: one reading of all its records, as a job that goes on by itself. */
import { getRouteApi } from '@tanstack/react-router'
import { ChartColumn } from 'lucide-react'
import { useState } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { TopicStatistics } from '../../../src-main/contract/model/statistics.ts'
import { problemOf, StreamedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { Button } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands.ts'
import { formatCount } from '../../ui/format/number.ts'
import { Failure, FailureNotice, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { saveFile, statisticsJson } from './export-json.ts'
import { HourChart } from './hour-chart.tsx'
import { LargeKeys } from './large-keys.tsx'
import { PartitionTable } from './partition-table.tsx'
import { ScanLine } from './scan-line.tsx'
import { SizeTable, Totals } from './totals.tsx'
import './statistics.css'

const route = getRouteApi('/$cluster/topics/$topic/statistics')

export function StatisticsPage() {
  const client = useClient()
  const cluster = useCluster().id
  const { topic } = route.useParams()
  const watch = useHeld(
    () => new StreamedAnswer(client, 'statistics.watch', { cluster, topic }),
    `${cluster}|${topic}`,
  )
  const { value, problem, asking } = useStore(watch)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Problem | null>(null)
  const order = async (name: 'statistics.start' | 'statistics.stop') => {
    setBusy(true)
    setRefused(null)
    try {
      if (name === 'statistics.stop') await client.call(name, { cluster, topic })
      else await client.call(name, { cluster, topic, partitions: null })
    } catch (error) {
      // Shown on the page, which stays as it is.
      setRefused(problemOf(error))
    } finally {
      setBusy(false)
    }
  }
  const runs = value?.state === 'running'
  useCommands([
    {
      id: 'statistics-run',
      title: runs ? t('statistics.stop') : t('statistics.start'),
      shortcut: 'r',
      group: 'page',
      run: () => void order(runs ? 'statistics.stop' : 'statistics.start'),
    },
  ])
  const what = t('statistics.reading', { topic })
  const failure = refused ?? problem
  if (value === null) {
    if (failure !== null && isGone(failure))
      return (
        <Gone sentence={t('messages.gone', { topic })}>
          <route.Link to="/$cluster/topics" params={{ cluster }} className="button">
            {t('messages.toTopics')}
          </route.Link>
        </Gone>
      )
    if (failure !== null)
      return (
        <Failure
          what={what}
          problem={failure}
          onRetry={() => {
            setRefused(null)
            watch.refresh()
          }}
        />
      )
    if (asking) return <Loading what={t('statistics.waiting', { topic })} />
    return <NeverRun busy={busy} onStart={() => void order('statistics.start')} />
  }
  return (
    <div className="page">
      {failure !== null && <FailureNotice what={what} problem={failure} onRetry={watch.refresh} />}
      <ScanLine
        statistics={value}
        busy={busy}
        onStart={() => void order('statistics.start')}
        onStop={() => void order('statistics.stop')}
        onExport={() => saveFile(`${topic}.statistics.json`, statisticsJson(value))}
      />
      {value.problem !== null && (
        <div className="notice" data-tone="bad" role="alert">
          <span>
            <span className="mono">{value.problem.code}</span>: {sayProblem(value.problem).message}
          </span>
        </div>
      )}
      {value.progress.unreadableCount > 0n && (
        <div className="notice" role="note">
          {t('statistics.unreadable', {
            count: Number(value.progress.unreadableCount),
            formatted: formatCount(value.progress.unreadableCount),
            why: reasonOf(value.progress.unreadable),
          })}
        </div>
      )}
      {value.progress.unreadCount > 0 && (
        <div className="notice" role="note">
          {t('statistics.unread', {
            count: value.progress.unreadCount,
            why: reasonOf(value.progress.unread),
          })}
        </div>
      )}
      <Result statistics={value} />
    </div>
  )
}

function NeverRun({ busy, onStart }: { readonly busy: boolean; readonly onStart: () => void }) {
  return (
    <div className="state">
      <p className="state-title">{t('statistics.never')}</p>
      <p className="quiet">{t('statistics.what')}</p>
      <div className="state-acts">
        <Button
          kind="primary"
          icon={<ChartColumn size={14} aria-hidden />}
          whyNot={busy ? t('confirm.busy') : null}
          onClick={onStart}
        >
          {t('statistics.start')}
        </Button>
      </div>
    </div>
  )
}

function Result({ statistics }: { readonly statistics: TopicStatistics }) {
  const { total, topic, skew, partitions, hours, otherHoursCount, largestKeys } = statistics
  const isPartial = statistics.state !== 'done' || statistics.progress.unreadCount > 0
  return (
    <div className="statistics" tabIndex={0} aria-label={t('statistics.label', { topic })}>
      {isPartial && <p className="faint">{t('statistics.partial')}</p>}
      <Totals total={total} skew={skew} partitionCount={partitions.length} />
      <section>
        <h2 className="section-title">{t('statistics.sizes')}</h2>
        <SizeTable total={total} />
      </section>
      <section>
        <h2 className="section-title">{t('statistics.hours')}</h2>
        <HourChart hours={hours} otherCount={otherHoursCount} />
      </section>
      <LargeKeys keys={largestKeys} records={total.records} bytes={total.recordBytes} />
      <section>
        <h2 className="section-title">{t('statistics.partitions')}</h2>
        <PartitionTable
          partitions={partitions}
          label={t('statistics.partitionsLabel', { topic })}
        />
      </section>
    </div>
  )
}

/** The first of several. */
function reasonOf([first]: readonly { readonly problem: Problem }[]): string {
  return first === undefined ? '' : sayProblem(first.problem).message
}
