/** The requests that brokers answer, as they come, and each opened field by field. */
import { getRouteApi } from '@tanstack/react-router'
import { Trash2 } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands.ts'
import { formatCount } from '../../ui/format/number.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { ResizableAside } from '../../ui/resizable-aside.tsx'
import { Empty, Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { DataTable } from '../../ui/table/data-table.tsx'
import { wireColumns } from './wire-columns.tsx'
import { WireLog, type WireFilter } from './wire-log.ts'
import { WirePanel } from './wire-panel.tsx'
import { readNumbers, type WireSearch } from './wire-search.ts'
import { WireToolbar } from './wire-toolbar.tsx'
import './wire.css'

const route = getRouteApi('/$cluster/wire')

export function WirePage() {
  const cluster = useCluster()
  if (cluster.kind === 'remote') return <Empty sentence={t('wire.remoteCluster')} />
  return <LocalWirePage />
}

function LocalWirePage() {
  const client = useClient()
  const cluster = useCluster()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const zone = useZone()
  const field = useRef<HTMLInputElement>(null)
  const filter = filterOf(search)
  const log = useHeld(
    () => new WireLog(client, cluster.id, filter),
    `${cluster.id}|${JSON.stringify(filter)}`,
  )
  const { rows, leftOut, untold, problem, waiting } = useStore(log)
  /** How many rows there were when the reader stopped following; null while he follows. */
  const [heldAt, setHeldAt] = useState<number | null>(null)
  const columns = useMemo(() => wireColumns(zone), [zone])
  const change = (next: Partial<WireSearch>) =>
    void navigate({ search: before => ({ ...before, ...next }), replace: true })

  const active = search.at ?? null
  const following = heldAt === null && active === null
  const show = useMemo(
    () => (following && rows.count > 0 ? { row: rows.count - 1 } : undefined),
    [following, rows],
  )
  const follow = () => {
    setHeldAt(null)
    change({ at: undefined })
  }
  useCommands([
    { id: 'wire-follow', title: t('wire.follow'), shortcut: 'l', group: 'page', run: follow },
    { id: 'wire-clear', title: t('wire.clear'), group: 'page', run: log.clear },
  ])

  if (problem !== null && rows.count === 0)
    return <Failure what={t('wire.reading')} problem={problem} onRetry={log.refresh} />
  const fresh = rows.count - (heldAt ?? rows.count)
  const [brokerId = 0, sequence = 0] = (active ?? '').split('-').map(Number)
  return (
    <div className="page">
      <div className="toolbar wire-toolbar">
        <h1 className="page-title">{t('navigation.wire')}</h1>
        <WireToolbar search={search} field={field} onChange={change} />
        <span className="spacer" />
        <Counts shown={rows.count} leftOut={leftOut} untold={untold} />
        <Button
          kind="quiet"
          icon={<Trash2 size={14} aria-hidden />}
          aria-label={t('wire.clear')}
          title={t('wire.clear')}
          onClick={log.clear}
        />
        <Button
          aria-pressed={following}
          onClick={() => (following ? setHeldAt(rows.count) : follow())}
        >
          {following ? t('wire.following') : t('wire.follow')}
          {!following && fresh > 0 && <span className="pill">{formatCount(fresh)}</span>}
        </Button>
      </div>
      {problem !== null && (
        <FailureNotice what={t('wire.reading')} problem={problem} onRetry={log.refresh} />
      )}
      <div className="page-body wire-body">
        <DataTable
          id="wire"
          label={t('navigation.wire')}
          columns={columns}
          rows={rows}
          active={active}
          onActive={key => {
            setHeldAt(rows.count)
            change({ at: key ?? undefined })
          }}
          onFilter={() => field.current?.focus()}
          show={show}
          isMain
        >
          {waiting ? (
            <Loading what={t('wire.waiting')} />
          ) : (
            <Empty
              sentence={isFiltered(search) ? t('wire.noneFits') : t('wire.none')}
              command={`kcat -b ${cluster.bootstrap.split(',')[0]} -L`}
            />
          )}
        </DataTable>
        {active !== null && (
          <ResizableAside id="wire" label={t('wire.resize')}>
            <WirePanel
              brokerId={brokerId}
              sequence={sequence}
              request={rows.at(rows.indexOf(active)) ?? null}
              side={search.side ?? 'request'}
              onSide={side => change({ side: side === 'response' ? side : undefined })}
              onClose={() => change({ at: undefined })}
            />
          </ResizableAside>
        )}
      </div>
    </div>
  )
}

interface CountsProps {
  readonly shown: number
  readonly leftOut: number
  readonly untold: number
}

function Counts({ shown, leftOut, untold }: CountsProps) {
  return (
    <span className="faint wire-counts" aria-live="off">
      {t('wire.count', { count: shown, formatted: formatCount(shown) })}
      {leftOut > 0 && (
        <span title={t('wire.leftOutHint')}>
          {' '}
          · {t('wire.leftOut', { formatted: formatCount(leftOut) })}
        </span>
      )}
      {untold > 0 && (
        <span title={t('wire.untoldHint')}>
          {' '}
          · {t('wire.untold', { formatted: formatCount(untold) })}
        </span>
      )}
    </span>
  )
}

function filterOf(search: WireSearch): WireFilter {
  return {
    brokerIds: readNumbers(search.brokers),
    apiKeys: readNumbers(search.apis),
    text: search.q ?? '',
    failedOnly: search.failed === '1',
    slowerThanMs: search.slow === undefined ? null : Number(search.slow),
    withOwn: search.own === '1',
  }
}

function isFiltered({ q, apis, brokers, failed, slow }: WireSearch): boolean {
  return [q, apis, brokers, failed, slow].some(each => each !== undefined)
}
