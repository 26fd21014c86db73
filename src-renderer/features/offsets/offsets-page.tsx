/**
 * The offset lab: which partitions, where to, what that would do; then it is done, read back, and
 * can be undone. The address holds scope and strategy.
 */
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import type { LabGroup } from '../../../src-main/contract/model/offset.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { useCommands, type Command } from '../../ui/commands.ts'
import { copyText } from '../../ui/copy-text.ts'
import { Failure, FailureNotice, Loading } from '../../ui/state/states.tsx'
import { ApplyBar } from './apply-bar.tsx'
import { CommandPanel } from './command-panel.tsx'
import { DeleteGroup } from './delete-group.tsx'
import { LabHead } from './lab-head.tsx'
import { LabMain } from './lab-main.tsx'
import { dryRunText } from './offset-rows.ts'
import type { ChosenStrategy, OffsetsSearch } from './offsets-search.ts'
import { ScopePanel } from './scope-panel.tsx'
import { SnapshotList } from './snapshot-list.tsx'
import { StrategyPanel } from './strategy-panel.tsx'
import { useLab, type Lab } from './use-lab.ts'
import './offsets.css'

const route = getRouteApi('/$cluster/groups/$group/offsets')

export function OffsetsPage() {
  const { group: groupId } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = useCallback(
    (next: Partial<OffsetsSearch>, replace = true) =>
      void navigate({ search: before => ({ ...before, ...next }), replace }),
    [navigate],
  )
  const lab = useLab(groupId, search, change)
  const [deleting, setDeleting] = useState(false)
  useCommands(commandsOf(lab, () => setDeleting(true)))

  const { group, planning, applied } = lab
  if (group === null) return <NotYet lab={lab} />
  return (
    <div className="page">
      <LabNotices lab={lab} group={group} onDelete={() => setDeleting(true)} />
      <div className="lab">
        <LabSide lab={lab} exists={group.exists} />
        <LabMain lab={lab} exists={group.exists} search={search} change={change} />
      </div>
      {applied === null && planning.plan !== null && (
        <>
          <CommandPanel command={planning.plan.command} />
          <ApplyBar
            groupId={groupId}
            plan={planning.plan}
            strategy={lab.strategy}
            exists={group.exists}
            whyNot={lab.whyNot}
            onApply={lab.apply}
          />
        </>
      )}
      <DeleteGroup
        opened={deleting}
        group={group}
        onClose={() => setDeleting(false)}
        onDeleted={lab.refresh}
      />
    </div>
  )
}

function commandsOf(lab: Lab, deleteGroup: () => void): readonly Command[] {
  const { groupId, group, planning, apply, refresh } = lab
  const { plan } = planning
  const commands: Command[] = [
    { id: 'offsets-apply', title: t('offsets.command.apply'), group: 'page', run: apply },
    {
      id: 'offsets-refresh',
      title: t('offsets.command.refresh'),
      shortcut: 'r',
      group: 'page',
      run: refresh,
    },
  ]
  if (plan !== null)
    commands.push({
      id: 'offsets-dry-run',
      title: t('offsets.command.dryRun'),
      shortcut: 'd',
      group: 'page',
      run: () => void copyText(dryRunText(groupId, plan), t('offsets.dryRunCopied')),
    })
  if (group?.exists === true)
    commands.push({
      id: 'offsets-delete-group',
      title: t('offsets.deleteGroup.open'),
      group: 'page',
      run: deleteGroup,
    })
  return commands
}

function NotYet({ lab: { groupId, planning, watchProblem, refresh } }: { readonly lab: Lab }) {
  const why = planning.problem ?? watchProblem
  if (why === null) return <Loading what={t('offsets.waiting', { group: groupId })} />
  const what = t('offsets.reading', { group: groupId })
  return <Failure what={what} problem={why} onRetry={refresh} />
}

interface LabNoticesProps {
  readonly lab: Lab
  readonly group: LabGroup
  readonly onDelete: () => void
}

function LabNotices({ lab, group, onDelete }: LabNoticesProps) {
  const { groupId, watchProblem, strategy, refresh } = lab
  const cluster = useCluster()
  const what = t('offsets.reading', { group: groupId })
  return (
    <>
      <LabHead group={group} onDelete={onDelete} readOnly={cluster.readOnly} />
      {watchProblem !== null && (
        <FailureNotice what={what} problem={watchProblem} onRetry={refresh} />
      )}
      {group.whyNot !== null && strategy.type !== 'delete' && (
        <div className="notice" role="status">
          <span>
            {t('offsets.active')} {sayProblem(group.whyNot).message}.{' '}
            {sayProblem(group.whyNot).remedy}
          </span>
        </div>
      )}
    </>
  )
}

function LabSide({ lab, exists }: { readonly lab: Lab; readonly exists: boolean }) {
  const { groupId, scope, strategy, file, snapshots, planning } = lab
  const planned = [...new Set(planning.plan?.rows.map(({ topic }) => topic) ?? [])]
  return (
    <div className="lab-side">
      <ScopePanel
        scope={scope}
        onScope={lab.chooseScope}
        everything={everythingText(strategy, exists)}
        planned={planned}
      />
      <StrategyPanel
        groupId={groupId}
        exists={exists}
        strategy={strategy}
        onStrategy={lab.chooseStrategy}
        file={file}
        onFile={lab.chooseFile}
        snapshotCount={snapshots.length}
        snapshots={
          <SnapshotList
            snapshots={snapshots}
            strategy={strategy}
            onStrategy={lab.chooseStrategy}
            onProblem={lab.complain}
          />
        }
      />
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
