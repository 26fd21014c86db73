/** What a search found, and how far it is. */
import { useEffect, useImperativeHandle, useMemo } from 'react'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useZone } from '../../ui/format/zone-context.ts'
import { Empty, Failure, FailureNotice, Gone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import type { SearchProgress } from '../../../src-main/contract/model/search.ts'
import { LiveLine } from './live/live-line.tsx'
import type { PaneProps } from './pane.ts'
import { writePlace } from './query/address.ts'
import { directionOf } from './query/scan-input.ts'
import type { ResultOrder } from './search/result-rows.ts'
import { ScanLine } from './search/scan-line.tsx'
import { SearchRun } from './search/search-run.ts'
import { percentText } from './search/scan-text.ts'
import { recordColumns } from './table/record-columns.tsx'
import { keyOfRow } from './table/record-key.ts'
import { RecordsTable } from './table/records-table.tsx'
import { useStep } from './table/use-step.ts'
import { useFollowing } from './table/use-following.ts'

interface SearchPaneProps extends PaneProps {
  readonly searchId: string
  readonly onProgress: (progress: SearchProgress | null) => void
  readonly onRunAgain: () => void
}

export function SearchPane(props: SearchPaneProps) {
  const { topic, query, search, searchId, cursor, look, onProgress, change } = props
  const client = useClient()
  const cluster = useCluster()
  const zone = useZone()
  const live = query.until.type === 'never'
  const order: ResultOrder =
    search.order ?? (directionOf(query) === 'backward' ? 'newest-first' : 'oldest-first')
  const run = useHeld(
    () =>
      new SearchRun({
        client,
        cluster: cluster.id,
        searchId,
        order,
        live,
        look,
        keyOf: keyOfRow(topic),
      }),
    [cluster.id, searchId, order, live].join('|'),
  )
  const { progress, rows, digits, newCount, problem, redrawProblem } = useStore(run)
  useEffect(() => run.setLook(look), [run, look])
  useEffect(() => onProgress(progress), [onProgress, progress])
  useEffect(() => () => onProgress(null), [onProgress])

  const { active, select } = cursor
  const { following, connected, onVisible } = useFollowing(run, {
    live,
    paused: props.paused,
    active,
    rowCount: rows.count,
    newestAt: 'top',
  })
  const resolved = run.resolve(active)
  useEffect(() => {
    if (resolved !== active) select(resolved)
  }, [resolved, active, select])
  const takeNew = () => {
    select(null)
    run.takeNew()
  }
  const { step, show } = useStep(rows, cursor, undefined)
  useImperativeHandle(props.handle, () => ({
    loaded: () => run.loaded(),
    stop: () => void run.stop(),
    step,
    takeNew,
  }))
  const { fields, onRemoveField, narrow } = props
  const severalTopics = query.topics.length > 0
  const columns = useMemo(
    () =>
      recordColumns({
        zone,
        severalTopics,
        fields,
        onRemoveField,
        narrow,
        offsetDigits: digits,
        sortable: !live,
      }),
    [zone, severalTopics, fields, onRemoveField, narrow, digits, live],
  )

  if (progress === null) {
    if (problem === null) return <Loading what={t('results.waiting')} />
    if (problem.code === 'NOT_FOUND')
      return (
        <Gone sentence={t('results.gone')}>
          <Button kind="primary" onClick={props.onRunAgain}>
            {t('results.runAgain')}
          </Button>
        </Gone>
      )
    return <Failure what={t('results.reading')} problem={problem} onRetry={props.onRunAgain} />
  }
  return (
    <>
      <ScanLine
        topic={topic}
        progress={progress}
        onStop={() => void run.stop()}
        onContinue={() => void run.continue()}
        onShow={place => select(writePlace(place))}
        live={
          live && (
            <LiveLine
              connected={connected}
              following={following}
              paused={props.paused}
              count={progress.recordsRead}
              interruption={null}
            />
          )
        }
      />
      {problem !== null && (
        <FailureNotice what={t('results.reading')} problem={problem} onRetry={props.onRunAgain} />
      )}
      {redrawProblem !== null && (
        <FailureNotice what={t('results.redrawing')} problem={redrawProblem} onRetry={run.redraw} />
      )}
      <RecordsTable
        topic={topic}
        columns={columns}
        rows={rows}
        layout={props.layout}
        columnActs={props.columnActs}
        {...(live
          ? {}
          : {
              sort: {
                column: 'time',
                direction: order === 'newest-first' ? 'descending' : 'ascending',
              } as const,
              onSort: () =>
                change({ order: order === 'newest-first' ? 'oldest-first' : 'newest-first' }),
            })}
        active={resolved}
        onActive={select}
        chosen={props.chosen}
        onChoose={props.onChoose}
        onFilter={props.onFilter}
        onVisible={onVisible}
        show={show}
        newCount={live && !following ? BigInt(newCount) : 0n}
        newestAt="top"
        onTakeNew={takeNew}
      >
        <NothingFound progress={progress} onRunAgain={props.onRunAgain} />
      </RecordsTable>
    </>
  )
}

/** Nothing yet, nothing up to here, or nothing at all: the reader must know which. */
function NothingFound({
  progress,
  onRunAgain,
}: {
  readonly progress: SearchProgress
  readonly onRunAgain: () => void
}) {
  switch (progress.state) {
    case 'running':
      return <Loading what={t('results.nothingYet')} />
    case 'waiting':
      return <Empty sentence={t('results.nothingLive')} />
    case 'finished':
      return (
        <Empty sentence={t(progress.unreadCount > 0 ? 'results.nothingPartly' : 'results.nothing')}>
          <Button onClick={onRunAgain}>{t('results.runAgain')}</Button>
        </Empty>
      )
    default:
      return (
        <Empty
          sentence={t('results.nothingSoFar', { percent: percentText(progress.percent ?? 0) })}
        />
      )
  }
}
