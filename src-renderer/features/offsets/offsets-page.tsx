/**
 * The offset lab: which partitions, where to, what that would do; then it is done, read back, and
 * can be undone. The address holds scope and strategy.
 */
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { AppliedOffsets } from '../../../src-main/contract/model/offset.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import { AskedAnswer, problemOf, StreamedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { useCommands } from '../../ui/commands.ts'
import { copyText } from '../../ui/copy-text.ts'
import { Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { AppliedView } from './applied-view.tsx'
import { ApplyBar } from './apply-bar.tsx'
import { CommandPanel } from './command-panel.tsx'
import { DeleteGroup } from './delete-group.tsx'
import type { ChosenFile } from './file-field.tsx'
import { LabHead } from './lab-head.tsx'
import { changesOf, dryRunText } from './offset-rows.ts'
import {
  readEdits,
  readScope,
  readStrategy,
  writeEdits,
  writeScope,
  writeStrategy,
  type ChosenStrategy,
  type OffsetsSearch,
} from './offsets-search.ts'
import { PlanGrid } from './plan-grid.tsx'
import { planInput, reasonOf, refusalOf } from './plan-request.ts'
import { PlanStore } from './plan-store.ts'
import { ScopePanel } from './scope-panel.tsx'
import { SnapshotList } from './snapshot-list.tsx'
import { StrategyPanel } from './strategy-panel.tsx'
import './offsets.css'

const route = getRouteApi('/$cluster/groups/$group/offsets')
const WATCH_MS = 1_000

export function OffsetsPage() {
  const client = useClient()
  const cluster = useCluster()
  const { group: groupId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const name = `${cluster.id}|${groupId}`
  const watch = useHeld(
    () =>
      new StreamedAnswer(client, 'offset.watch-group', {
        cluster: cluster.id,
        groupId,
        intervalMs: WATCH_MS,
      }),
    name,
  )
  const plans = useHeld(() => new PlanStore(client), name)
  const history = useHeld(
    () => new AskedAnswer(client, 'offset.snapshots', { cluster: cluster.id, groupId }),
    name,
  )
  const watched = useStore(watch)
  const { plan, problem, current } = useStore(plans)
  const snapshots = useStore(history).value ?? []
  const [file, setFile] = useState<ChosenFile | null>(null)
  const [applied, setApplied] = useState<AppliedOffsets | null>(null)
  const [refused, setRefused] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)
  const [deleting, setDeleting] = useState(false)

  const change = useCallback(
    (next: Partial<OffsetsSearch>, replace = true) =>
      void navigate({ search: before => ({ ...before, ...next }), replace }),
    [navigate],
  )
  const scope = useMemo(() => readScope(search.t), [search.t])
  const strategy = useMemo(() => readStrategy(search.s), [search.s])
  const edits = useMemo(() => readEdits(search.e), [search.e])
  const group = watched.value ?? plan?.group ?? null

  // The group's own state is part of the question: a member that joins changes what is possible.
  const state = `${group?.state}|${group?.memberCount}`
  useEffect(() => {
    const input = planInput({ cluster: cluster.id, groupId, scope, strategy, edits, file })
    const asked = [search.t, search.s, search.e, state, strategy.type === 'file' ? file?.text : '']
    plans.want(input, JSON.stringify(asked))
  }, [
    plans,
    cluster.id,
    groupId,
    scope,
    strategy,
    edits,
    file,
    state,
    search.t,
    search.s,
    search.e,
  ])

  const choose = (next: ChosenStrategy) => {
    setRefused(null)
    setApplied(null)
    change({ s: writeStrategy(next), e: undefined })
  }
  const onSet = useCallback(
    (row: { topic: string; partition: number }, offset: bigint | null | undefined) => {
      const others = edits.filter(
        each => each.topic !== row.topic || each.partition !== row.partition,
      )
      const { topic, partition } = row
      const next = offset === undefined ? others : [...others, { topic, partition, offset }]
      change({ e: writeEdits(next) })
    },
    [edits, change],
  )

  const whyNot = refusalOf({ plan, current, problem, strategy, file, group, busy, cluster })
  const apply = async () => {
    if (plan === null || whyNot !== null) return
    setBusy(true)
    setRefused(null)
    try {
      const changes = changesOf(plan.rows)
      const reason = reasonOf(strategy, file, edits.length > 0)
      setApplied(
        await client.call('offset.apply', { cluster: cluster.id, groupId, changes, reason }),
      )
      history.refresh()
    } catch (error) {
      // Shown above the grid, with the plan still there.
      setRefused(problemOf(error))
    } finally {
      setBusy(false)
      plans.refresh()
      watch.refresh()
    }
  }
  const undo = () => {
    const id = applied?.snapshot.id
    setApplied(null)
    if (id === undefined) return
    const restored = writeStrategy({ type: 'snapshot', snapshotId: id, part: 'changed' })
    // Its partitions come from the snapshot itself.
    change({ s: restored, t: undefined, e: undefined, changes: undefined }, false)
  }

  useCommands([
    {
      id: 'offsets-apply',
      title: t('offsets.command.apply'),
      group: 'page',
      run: () => void apply(),
    },
    {
      id: 'offsets-refresh',
      title: t('offsets.command.refresh'),
      shortcut: 'r',
      group: 'page',
      run: plans.refresh,
    },
    ...(plan === null
      ? []
      : [
          {
            id: 'offsets-dry-run',
            title: t('offsets.command.dryRun'),
            shortcut: 'd',
            group: 'page' as const,
            run: () => void copyText(dryRunText(groupId, plan), t('offsets.dryRunCopied')),
          },
        ]),
    ...(group?.exists === true
      ? [
          {
            id: 'offsets-delete-group',
            title: t('offsets.deleteGroup.open'),
            group: 'page' as const,
            run: () => setDeleting(true),
          },
        ]
      : []),
  ])

  const what = t('offsets.reading', { group: groupId })
  if (group === null) {
    const why = problem ?? watched.problem
    if (why === null) return <Loading what={t('offsets.waiting', { group: groupId })} />
    return <Failure what={what} problem={why} onRetry={watch.refresh} />
  }
  const planned = [...new Set(plan?.rows.map(({ topic }) => topic) ?? [])]
  return (
    <div className="page">
      <LabHead group={group} onDelete={() => setDeleting(true)} readOnly={cluster.readOnly} />
      {watched.problem !== null && (
        <FailureNotice what={what} problem={watched.problem} onRetry={watch.refresh} />
      )}
      {group.whyNot !== null && strategy.type !== 'delete' && (
        <div className="notice" role="status">
          <span>
            {t('offsets.active')} {group.whyNot.message}. {group.whyNot.remedy}
          </span>
        </div>
      )}
      <div className="lab">
        <div className="lab-side">
          <ScopePanel
            scope={scope}
            onScope={next => {
              setApplied(null)
              change({ t: writeScope(next) })
            }}
            everything={everythingText(strategy, group.exists)}
            planned={planned}
          />
          <StrategyPanel
            groupId={groupId}
            exists={group.exists}
            strategy={strategy}
            onStrategy={choose}
            file={file}
            onFile={setFile}
            snapshotCount={snapshots.length}
            snapshots={
              <SnapshotList
                snapshots={snapshots}
                strategy={strategy}
                onStrategy={choose}
                onProblem={setRefused}
              />
            }
          />
        </div>
        <div className="lab-main">
          {refused !== null && <FailureNotice what={t('offsets.applying')} problem={refused} />}
          {problem !== null && (
            <FailureNotice what={t('offsets.planning')} problem={problem} onRetry={plans.refresh} />
          )}
          {applied === null && <PlanProblems problems={plan?.problems ?? []} />}
          {applied === null ? (
            <PlanGrid
              rows={plan?.rows ?? NO_ROWS}
              search={search}
              change={change}
              onSet={onSet}
              nothing={nothingText(strategy, group.exists, plan !== null)}
            />
          ) : (
            <AppliedView applied={applied} onUndo={undo} onClose={() => setApplied(null)} />
          )}
        </div>
      </div>
      {applied === null && plan !== null && (
        <>
          <CommandPanel command={plan.command} />
          <ApplyBar
            groupId={groupId}
            plan={plan}
            strategy={strategy}
            exists={group.exists}
            whyNot={whyNot}
            onApply={() => void apply()}
          />
        </>
      )}
      <DeleteGroup
        opened={deleting}
        group={group}
        onClose={() => setDeleting(false)}
        onDeleted={() => {
          setApplied(null)
          history.refresh()
          plans.refresh()
          watch.refresh()
        }}
      />
    </div>
  )
}

const NO_ROWS = [] as const

function PlanProblems({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null
  const [first] = problems
  return (
    <div className="notice" role="status" title={problems.map(({ message }) => message).join('\n')}>
      <span className="clip">
        {first!.message}
        {problems.length > 1 && ` ${t('offsets.moreProblems', { count: problems.length - 1 })}`}
      </span>
    </div>
  )
}

/** What stands for "everything" depends on where a strategy takes its offsets from. */
function everythingText(strategy: ChosenStrategy, exists: boolean): string {
  switch (strategy.type) {
    case 'group':
      return t('offsets.scope.everythingOfGroup', { group: strategy.groupId })
    case 'file':
      return t('offsets.scope.everythingOfFile')
    case 'snapshot':
      return t('offsets.scope.everythingOfSnapshot')
    default:
      return exists ? t('offsets.scope.everything') : t('offsets.scope.nothingYet')
  }
}

function nothingText(strategy: ChosenStrategy, exists: boolean, planned: boolean): string | null {
  if (!planned) {
    if (strategy.type === 'unfinished') return t('offsets.nothing.unfinished')
    if (strategy.type === 'file') return t('offsets.nothing.file')
    return null
  }
  return exists ? t('offsets.nothing.noOffsets') : t('offsets.nothing.newGroup')
}
