/** Everything the offset lab's page holds: what is chosen, the plan for it, and what became of it. */
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { OffsetEdits, OffsetScope } from '../../../src-main/contract/api/offset.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import type {
  AppliedOffsets,
  LabGroup,
  OffsetSnapshotSummary,
} from '../../../src-main/contract/model/offset.ts'
import { AskedAnswer, problemOf, StreamedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { useStore } from '../../ui/store.ts'
import type { ChosenFile } from './file-field.tsx'
import { changesOf } from './offset-rows.ts'
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
import { planInput, reasonOf, refusalOf } from './plan-request.ts'
import { PlanStore, type PlanState } from './plan-store.ts'

const WATCH_MS = 1_000

export interface Lab {
  readonly groupId: string
  /** Null until the coordinator has answered. */
  readonly group: LabGroup | null
  readonly watchProblem: Problem | null
  readonly planning: PlanState
  readonly snapshots: readonly OffsetSnapshotSummary[]
  readonly scope: OffsetScope
  readonly strategy: ChosenStrategy
  readonly file: ChosenFile | null
  /** Why the plan cannot be applied; null where it can. */
  readonly whyNot: string | null
  readonly applied: AppliedOffsets | null
  /** Why the last change was refused. */
  readonly refused: Problem | null
  readonly chooseScope: (scope: OffsetScope) => void
  readonly chooseStrategy: (strategy: ChosenStrategy) => void
  readonly chooseFile: (file: ChosenFile) => void
  /** By hand: null leaves the partition out, undefined takes the strategy's word again. */
  readonly setOffset: (row: RowPlace, offset: bigint | null | undefined) => void
  readonly apply: () => void
  /** Plans what was committed before; changes nothing yet. */
  readonly undo: () => void
  readonly backToPlan: () => void
  readonly complain: (problem: Problem) => void
  readonly refresh: () => void
}

interface RowPlace {
  readonly topic: string
  readonly partition: number
}

export type ChangeSearch = (next: Partial<OffsetsSearch>, replace?: boolean) => void

export function useLab(groupId: string, search: OffsetsSearch, change: ChangeSearch): Lab {
  const cluster = useCluster()
  const sources = useSources(cluster.id, groupId)
  const watched = useStore(sources.watch)
  const planning = useStore(sources.plans)
  const snapshots = useStore(sources.history).value ?? []
  const chosen = useChosen(search)
  const [file, setFile] = useState<ChosenFile | null>(null)
  const group = watched.value ?? planning.plan?.group ?? null
  useWantedPlan(sources.plans, { ...chosen, groupId, file, group })
  const setOffset = useSetOffset(chosen.edits, change)
  const { busy, applied, refused, setApplied, setRefused, apply } = useApply(sources, {
    groupId,
    planning,
    ...chosen,
    file,
  })
  const { strategy, scope } = chosen
  const whyNot = refusalOf({ ...planning, strategy, file, group, busy, cluster })
  const forget = () => {
    setApplied(null)
    setRefused(null)
  }
  return {
    groupId,
    group,
    watchProblem: watched.problem,
    planning,
    snapshots,
    scope,
    strategy,
    file,
    whyNot,
    applied,
    refused,
    chooseScope(next) {
      forget()
      change({ t: writeScope(next) })
    },
    chooseStrategy(next) {
      forget()
      change({ s: writeStrategy(next), e: undefined })
    },
    chooseFile: setFile,
    setOffset,
    apply: () => void (whyNot === null ? apply() : null),
    undo() {
      if (applied === null) return
      const { id } = applied.snapshot
      const restored = writeStrategy({ type: 'snapshot', snapshotId: id, part: 'changed' })
      forget()
      // Its partitions come from the snapshot itself.
      change({ s: restored, t: undefined, e: undefined, changes: undefined }, false)
    },
    backToPlan: forget,
    complain: setRefused,
    refresh() {
      sources.refresh()
      forget()
    },
  }
}

function useSources(cluster: string, groupId: string) {
  const client = useClient()
  const name = `${cluster}|${groupId}`
  const watch = useHeld(() => {
    const input = { cluster, groupId, intervalMs: WATCH_MS }
    return new StreamedAnswer(client, 'offset.watch-group', input)
  }, name)
  const plans = useHeld(() => new PlanStore(client), name)
  const history = useHeld(
    () => new AskedAnswer(client, 'offset.snapshots', { cluster, groupId }),
    name,
  )
  const refresh = () => {
    plans.refresh()
    watch.refresh()
    history.refresh()
  }
  return { client, cluster, watch, plans, history, refresh }
}

type Sources = ReturnType<typeof useSources>

interface Chosen {
  readonly scope: OffsetScope
  readonly strategy: ChosenStrategy
  readonly edits: OffsetEdits
}

function useChosen({ t, s, e }: OffsetsSearch): Chosen {
  const scope = useMemo(() => readScope(t), [t])
  const strategy = useMemo(() => readStrategy(s), [s])
  const edits = useMemo(() => readEdits(e), [e])
  return useMemo(() => ({ scope, strategy, edits }), [scope, strategy, edits])
}

interface Wanted extends Chosen {
  readonly groupId: string
  readonly file: ChosenFile | null
  readonly group: LabGroup | null
}

function useWantedPlan(plans: PlanStore, wanted: Wanted): void {
  const cluster = useCluster().id
  const { groupId, scope, strategy, edits, file, group } = wanted
  // The group's own state is part of the question: a member that joins changes what is possible.
  const state = `${group?.state}|${group?.memberCount}`
  const text = strategy.type === 'file' ? file?.text : ''
  useEffect(() => {
    const input = planInput({ cluster, groupId, scope, strategy, edits, file })
    const asked = [writeScope(scope), writeStrategy(strategy), writeEdits(edits), state, text]
    plans.want(input, JSON.stringify(asked))
  }, [plans, cluster, groupId, scope, strategy, edits, file, state, text])
}

function useSetOffset(edits: OffsetEdits, change: ChangeSearch): Lab['setOffset'] {
  return useCallback(
    ({ topic, partition }, offset) => {
      const others = edits.filter(each => each.topic !== topic || each.partition !== partition)
      const next = offset === undefined ? others : [...others, { topic, partition, offset }]
      change({ e: writeEdits(next) })
    },
    [edits, change],
  )
}

interface Applying extends Chosen {
  readonly groupId: string
  readonly planning: PlanState
  readonly file: ChosenFile | null
}

function useApply(sources: Sources, { groupId, planning, strategy, edits, file }: Applying) {
  const { client, cluster } = sources
  const [busy, setBusy] = useState(false)
  const [applied, setApplied] = useState<AppliedOffsets | null>(null)
  const [refused, setRefused] = useState<Problem | null>(null)
  const apply = async () => {
    if (planning.plan === null) return
    setBusy(true)
    setRefused(null)
    try {
      const changes = changesOf(planning.plan.rows)
      const reason = reasonOf(strategy, file, edits.length > 0)
      setApplied(await client.call('offset.apply', { cluster, groupId, changes, reason }))
    } catch (error) {
      // Shown above the plan, which is made anew.
      setRefused(problemOf(error))
    } finally {
      setBusy(false)
      sources.refresh()
    }
  }
  return { busy, applied, refused, setApplied, setRefused, apply }
}
