/** Who is connected to a broker of the local cluster. */
import { useMemo, useState } from 'react'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, formatRate, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { RowLink } from '../../ui/row-link.tsx'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ArrayRows, type Column } from '../../ui/table/column.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { compare, readSort, writeSort, type SortValue } from '../../ui/table/sort-search.ts'
import { CONNECTION_COLUMNS, type BrokerSearch } from './brokers-search.ts'
import { Connections, type ConnectionRow } from './connections.ts'

interface BrokerConnectionsProps {
  readonly brokerId: number
  /** One that does not answer tells nothing of its connections. */
  readonly answers: boolean
  readonly search: BrokerSearch
  readonly change: (next: Partial<BrokerSearch>) => void
}

export function BrokerConnections(props: BrokerConnectionsProps) {
  const { brokerId, answers, search, change } = props
  const client = useClient()
  const cluster = useCluster().id
  const [active, setActive] = useState<string | null>(null)
  const asked = useHeld(() => new Connections(client, cluster, brokerId), `${cluster}|${brokerId}`)
  const { value, problem } = useStore(asked)
  const sortText = search.sort ?? '-requests'
  const columns = useMemo(() => connectionColumns(cluster), [cluster])
  const rows = useMemo(() => {
    const { column, direction } = readSort(sortText, CONNECTION_COLUMNS) ?? {
      column: 'requests',
      direction: 'descending',
    }
    const ordered = [...(value?.rows ?? [])].sort((a, b) =>
      compare(valueOf(a, column), valueOf(b, column), direction),
    )
    return new ArrayRows(ordered, row => String(row.connectionId))
  }, [value, sortText])
  const what = t('broker.readingConnections')
  if (value === null)
    return problem === null ? (
      <Loading what={what} />
    ) : (
      <Failure what={what} problem={problem} onRetry={asked.refresh} />
    )
  return (
    <div className="page-body">
      {problem !== null && <FailureNotice what={what} problem={problem} onRetry={asked.refresh} />}
      <DataTable
        id="broker-connections"
        label={t('broker.tab.connections')}
        columns={columns}
        rows={rows}
        sort={readSort(sortText, CONNECTION_COLUMNS)}
        onSort={sort => change({ sort: writeSort(sort) })}
        active={active}
        onActive={setActive}
        isMain
      >
        <Empty sentence={t(answers ? 'broker.noConnections' : 'broker.connectionsUnknown')} />
      </DataTable>
    </div>
  )
}

function valueOf(row: ConnectionRow, column: string): SortValue {
  switch (column) {
    case 'client':
      return row.clientId
    case 'opened':
      return row.openedAtMs
    case 'rate':
      return row.requestsPerSecond
    case 'in':
      return row.bytesIn
    case 'out':
      return row.bytesOut
    default:
      return row.requests
  }
}

function connectionColumns(cluster: string): readonly Column<ConnectionRow>[] {
  return [
    {
      id: 'client',
      title: t('wire.client'),
      width: 170,
      grow: 1,
      sortable: true,
      text: ({ clientId }) => clientId ?? '',
      cell: ({ clientId, origin }) => (
        <>
          {clientId === null ? (
            UNKNOWN
          ) : (
            <RowLink
              path={[cluster, 'wire']}
              search={`?q=${encodeURIComponent(clientId)}${origin === 'client' ? '' : '&own=1'}`}
              title={t('broker.toWire', { client: clientId })}
            >
              {clientId}
            </RowLink>
          )}
          {origin !== 'client' && (
            <span className="faint"> · {t(`wire.originShort.${origin}`)}</span>
          )}
        </>
      ),
    },
    {
      id: 'software',
      title: t('wire.software'),
      hint: t('wire.softwareHint'),
      width: 160,
      text: ({ software }) => software ?? '',
      cell: ({ software }) => <span className="quiet">{software ?? UNKNOWN}</span>,
    },
    {
      id: 'remote',
      title: t('wire.remote'),
      width: 140,
      mono: true,
      text: ({ remote }) => remote,
      cell: ({ remote }) => remote,
    },
    {
      id: 'opened',
      title: t('broker.opened'),
      width: 180,
      sortable: true,
      text: ({ openedAtMs }) => String(openedAtMs),
      cell: ({ openedAtMs }) => <Moment timestampMs={openedAtMs} />,
    },
    {
      id: 'requests',
      title: t('broker.requests'),
      width: 96,
      align: 'end',
      sortable: true,
      text: ({ requests }) => String(requests),
      cell: ({ requests }) => formatCount(requests),
    },
    {
      id: 'rate',
      title: t('broker.rate'),
      hint: t('broker.rateHint'),
      width: 84,
      align: 'end',
      sortable: true,
      text: ({ requestsPerSecond }) => String(requestsPerSecond ?? ''),
      cell: ({ requestsPerSecond }) => formatRate(requestsPerSecond),
    },
    {
      id: 'in',
      title: t('broker.in'),
      width: 92,
      align: 'end',
      sortable: true,
      text: ({ bytesIn }) => String(bytesIn),
      cell: ({ bytesIn }) => formatBytes(bytesIn),
    },
    {
      id: 'out',
      title: t('broker.out'),
      width: 92,
      align: 'end',
      sortable: true,
      text: ({ bytesOut }) => String(bytesOut),
      cell: ({ bytesOut, queuedBytes }) => (
        <span
          className={queuedBytes > 0 ? 'warn' : undefined}
          title={
            queuedBytes > 0 ? t('broker.queued', { size: formatBytes(queuedBytes) }) : undefined
          }
        >
          {formatBytes(bytesOut)}
        </span>
      ),
    },
  ]
}
