/** Replicas to other brokers: what to do, the plan as it would be, a throttle, and the start. */
import { Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Problem } from '../../src-main/contract/define.ts'
import type {
  Assignment,
  ReassignmentPlan,
  ReassignmentStrategy,
  StartedReassignment,
} from '../../src-main/contract/model/replication.ts'
import { Asked, problemOf } from '../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { useOverview } from '../connection/cluster-live.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useStore } from '../ui/store.ts'
import { readAssignments } from './assignment-lines.ts'
import { EqualCommandsPanel } from './equal-commands-panel.tsx'
import { reassignCommands } from './equal-commands.ts'
import { PlanPreview } from './plan-preview.tsx'
import { StrategyFields, type StrategyDraft } from './strategy-fields.tsx'
import './replication.css'

/** Nothing is asked before the last key has been still for so long. */
const PAUSE_MS = 250
const MEBIBYTE = 1_048_576

interface ReassignProps {
  readonly opened: boolean
  /** Null for all topics. */
  readonly topic: string | null
  readonly onClose: () => void
}

export function Reassign(props: ReassignProps) {
  const { topic } = props
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={topic === null ? t('reassign.title') : t('reassign.titleTopic', { topic })}
      size={760}
    >
      <Body {...props} />
    </Modal>
  )
}

interface PlanRequest {
  readonly topics: readonly string[] | null
  readonly strategy: ReassignmentStrategy
}

function Body({ topic, onClose }: ReassignProps) {
  const client = useClient()
  const { id: cluster, bootstrap } = useCluster()
  const brokers = (useOverview().value?.brokers ?? []).filter(({ state }) => state !== 'offline')
  const [draft, setDraft] = useState<StrategyDraft>({
    type: 'spread',
    // Null until it is chosen: brokers may be known only later.
    brokers: null,
    factor: '3',
    lines: '',
    topics: topic ?? '',
    throttle: '',
  })
  const ids = brokers.map(({ id }) => id)
  const request = requestOf(draft, ids)
  const key = 'wrong' in request ? '' : JSON.stringify(request)
  const plan = useHeld(
    () =>
      new Asked<ReassignmentPlan | null>(async (_before, signal) => {
        if (key === '') return null
        await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
        if (signal.aborted) return null
        const { topics, strategy } = JSON.parse(key) as PlanRequest
        return client.call('replication.plan', { cluster, topics, strategy }, signal)
      }),
    key,
  )
  const { value, problem } = useStore(plan)
  const wrong = 'wrong' in request ? request.wrong : null
  const rate = throttleOf(draft.throttle)
  return (
    <div className="reassign">
      <StrategyFields draft={draft} brokers={ids} fixedTopic={topic} onChange={setDraft} />
      {wrong !== null && <p className="quiet small">{wrong}</p>}
      {problem !== null && (
        <p className="bad" role="alert">
          <span className="mono">{problem.code}</span>: {problem.message}
        </p>
      )}
      {key !== '' && problem === null && <PlanPreview plan={value} />}
      {key !== '' && problem === null && value !== null && value.moves.length > 0 && (
        <EqualCommandsPanel
          tool="kafka-reassign-partitions.sh"
          commands={reassignCommands({
            bootstrap,
            assignments: assignmentsOf(value),
            throttleBytesPerSecond: rate === 'wrong' ? null : rate,
          })}
        />
      )}
      <Start
        plan={wrong === null && problem === null ? value : null}
        throttle={rate}
        onClose={onClose}
      />
    </div>
  )
}

function requestOf(
  draft: StrategyDraft,
  ids: readonly number[],
): PlanRequest | { readonly wrong: string } {
  const names = draft.topics
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
  const topics = names.length === 0 ? null : names
  const chosen = draft.brokers ?? (draft.type === 'spread' ? ids : [])
  switch (draft.type) {
    case 'spread':
    case 'vacate':
      if (chosen.length === 0) return { wrong: t('reassign.strategyHint.vacate') }
      return { topics, strategy: { type: draft.type, brokers: chosen } }
    case 'factor': {
      const factor = Number(draft.factor)
      const fits = /^\d{1,4}$/.test(draft.factor) && factor >= 1 && factor <= ids.length
      if (!fits) return { wrong: t('create.factorProblem', { count: ids.length }) }
      return { topics, strategy: { type: 'factor', factor } }
    }
    case 'explicit': {
      const read = readAssignments(draft.lines)
      if (read.type === 'wrong') return { wrong: t('reassign.lineWrong', { line: read.line }) }
      if (read.assignments.length === 0) return { wrong: t('reassign.strategyHint.explicit') }
      return { topics, strategy: { type: 'explicit', assignments: read.assignments } }
    }
  }
}

/** In bytes each second; null for none, and `wrong` for what is no rate. */
function throttleOf(text: string): number | null | 'wrong' {
  if (text.trim() === '') return null
  const rate = Number(text)
  return Number.isFinite(rate) && rate > 0 ? Math.max(1_024, Math.round(rate * MEBIBYTE)) : 'wrong'
}

function assignmentsOf({ moves }: ReassignmentPlan): readonly Assignment[] {
  return moves.map(({ topic, partition, after }) => ({ topic, partition, replicas: after }))
}

interface StartProps {
  readonly plan: ReassignmentPlan | null
  readonly throttle: number | null | 'wrong'
  readonly onClose: () => void
}

function Start({ plan, throttle, onClose }: StartProps) {
  const client = useClient()
  const cluster = useCluster().id
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [refused, setRefused] = useState<StartedReassignment['results']>([])
  const moves = plan?.moves ?? []
  const count = moves.length
  const whyNot =
    plan === null
      ? t('reassign.whyNotPlan')
      : count === 0
        ? t('reassign.nothing')
        : throttle === 'wrong'
          ? t('reassign.throttleWrong')
          : busy
            ? t('confirm.busy')
            : null

  const start = async () => {
    if (throttle === 'wrong') return
    setBusy(true)
    setProblem(null)
    try {
      const assignments = plan === null ? [] : assignmentsOf(plan)
      const started = await client.call('replication.reassign', {
        cluster,
        assignments,
        throttleBytesPerSecond: throttle,
      })
      const failed = started.results.filter(each => each.problem !== null)
      setRefused(failed)
      const accepted = started.results.length - failed.length
      if (accepted > 0)
        notifications.show({
          message: t('reassign.started', { count: accepted }),
          autoClose: 3_500,
        })
      if (failed.length === 0) onClose()
    } catch (error) {
      // The cluster's answer belongs into the dialog, beside the plan.
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      {refused.map(({ topic, partition, problem: why }) => (
        <p key={`${topic}-${partition}`} className="bad" role="alert">
          {t('reassign.refusal', { partition: `${topic}-${partition}`, why: why?.message })}
        </p>
      ))}
      {problem !== null && (
        <p className="bad" role="alert">
          <span className="mono">{problem.code}</span>: {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button kind="primary" whyNot={whyNot} onClick={() => void start()}>
          {count === 0 ? t('reassign.startNone') : t('reassign.start', { count })}
        </Button>
      </div>
    </>
  )
}
