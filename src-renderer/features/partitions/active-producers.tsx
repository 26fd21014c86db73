/** Who writes to the topic: the idempotent producers that its leaders remember, folded away at first. */
import { useMemo, useState } from 'react'
import type { ActiveProducer } from '../../../src-main/contract/model/topic.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Explanation } from '../../ui/explanation.tsx'
import { UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { Empty, FailureNotice } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'

const INTERVAL_MS = 5_000

export function ActiveProducersPanel({ topic }: { readonly topic: string }) {
  const [open, setOpen] = useState(false)
  return (
    <section className="producers" data-open={open || undefined}>
      <button
        type="button"
        className="producers-head"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className="section-title">{t('producers.title')}</span>
        <span className="faint" aria-hidden>
          {open ? '▾' : '▸'}
        </span>
      </button>
      {open && <Producers topic={topic} />}
    </section>
  )
}

function Producers({ topic }: { readonly topic: string }) {
  const client = useClient()
  const cluster = useCluster().id
  const answer = useHeld(
    () => new AskedAnswer(client, 'topic.producers', { cluster, topic }, INTERVAL_MS),
    `${cluster}|${topic}`,
  )
  const { value, problem } = useStore(answer)
  const [active, setActive] = useState<string | null>(null)
  const columns = useMemo(() => producerColumns(), [])
  const producers = value?.producers
  const rows = useMemo(
    () => new ArrayRows(producers ?? [], row => `${row.partition} ${row.producerId}`),
    [producers],
  )
  return (
    <>
      <p className="quiet small producers-hint">
        <Explanation text={t('producers.hint')} />
      </p>
      {problem !== null && (
        <FailureNotice
          what={t('producers.reading', { topic })}
          problem={problem}
          onRetry={answer.refresh}
        />
      )}
      {value?.problems.slice(0, 1).map(({ partition, problem: why }) => (
        <p key={partition} className="bad small producers-hint">
          {t('producers.problem', { partition: `${topic}-${partition}`, why: why.message })}
        </p>
      ))}
      <div className="producers-table">
        {value !== null && (
          <DataTable
            id="producers"
            label={t('producers.title')}
            columns={columns}
            rows={rows}
            active={active}
            onActive={setActive}
          >
            <Empty sentence={t('producers.none')} />
          </DataTable>
        )}
      </div>
    </>
  )
}

function producerColumns(): readonly Column<ActiveProducer>[] {
  const number = { align: 'end', mono: true } as const
  return [
    {
      id: 'partition',
      title: t('producers.partition'),
      width: 90,
      ...number,
      text: row => String(row.partition),
      cell: row => row.partition,
    },
    {
      id: 'id',
      title: t('producers.id'),
      width: 180,
      ...number,
      text: row => String(row.producerId),
      cell: row => String(row.producerId),
    },
    {
      id: 'epoch',
      title: t('producers.epoch'),
      width: 80,
      ...number,
      text: row => String(row.producerEpoch),
      cell: row => row.producerEpoch,
    },
    {
      id: 'sequence',
      title: t('producers.sequence'),
      width: 130,
      ...number,
      text: row => String(row.lastSequence),
      cell: row => (row.lastSequence < 0 ? UNKNOWN : row.lastSequence),
    },
    {
      id: 'last',
      title: t('producers.last'),
      width: 210,
      grow: 1,
      align: 'end',
      text: row => row.lastTimestampMs?.toString() ?? '',
      cell: row => <Moment timestampMs={row.lastTimestampMs} />,
    },
    {
      id: 'transaction',
      title: t('producers.transaction'),
      width: 180,
      align: 'end',
      text: row => row.transactionStartOffset?.toString() ?? '',
      cell: row =>
        row.transactionStartOffset === null ? (
          <span className="faint">{t('producers.noTransaction')}</span>
        ) : (
          <span className="mono">{String(row.transactionStartOffset)}</span>
        ),
    },
  ]
}
