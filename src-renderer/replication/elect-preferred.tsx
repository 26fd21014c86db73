/** Gives leadership back to preferred leaders: what moves is shown before, and read back after. */
import { Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type {
  ElectedLeader,
  ElectionPreview,
  LeaderMove,
} from '../../src-main/contract/model/replication.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import { AskedAnswer, problemOf } from '../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { formatCount, UNKNOWN } from '../ui/format/number.ts'
import { BrokerMark } from '../ui/glyph.tsx'
import { Failure, Loading } from '../ui/state/states.tsx'
import { useStore } from '../ui/store.ts'
import { EqualCommandsPanel } from './equal-commands-panel.tsx'
import { MovesTable } from './moves-table.tsx'
import { electionCommands } from './equal-commands.ts'
import './replication.css'

const SHOWN_MAX = 200

interface ElectPreferredProps {
  readonly opened: boolean
  /** Null for all topics. */
  readonly topic: string | null
  readonly onClose: () => void
}

export function ElectPreferred(props: ElectPreferredProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={t('elect.title')} size={620}>
      <Body {...props} />
    </Modal>
  )
}

function Body({ topic, onClose }: ElectPreferredProps) {
  const client = useClient()
  const cluster = useCluster().id
  const topics = topic === null ? null : [topic]
  const answer = useHeld(
    () => new AskedAnswer(client, 'replication.election-preview', { cluster, topics }),
    `${cluster}|${topic}`,
  )
  const { value, problem } = useStore(answer)
  if (value === null)
    return problem === null ? (
      <Loading what={t('elect.waiting')} />
    ) : (
      <Failure what={t('elect.reading')} problem={problem} onRetry={answer.refresh} />
    )
  return <Question preview={value} onClose={onClose} />
}

interface QuestionProps {
  readonly preview: ElectionPreview
  readonly onClose: () => void
}

function Question({ preview, onClose }: QuestionProps) {
  const client = useClient()
  const { id: cluster, bootstrap } = useCluster()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [refused, setRefused] = useState<readonly ElectedLeader[]>([])
  const { moves, blocked } = preview

  const elect = async () => {
    setBusy(true)
    try {
      const partitions = moves.map(({ topic, partition }) => ({ topic, partition }))
      const input = { cluster, election: 'preferred' as const, partitions }
      const results = await client.call('replication.elect', input)
      const failed = results.filter(each => each.problem !== null)
      const count = results.length - failed.length
      notifications.show({ message: t('elect.done', { count }), autoClose: 3_500 })
      setRefused(failed)
      if (failed.length === 0) onClose()
    } catch (error) {
      // The cluster's answer belongs beside the question.
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <div className="confirm">
      <p>{moves.length === 0 ? t('elect.nothing') : t('elect.what', { count: moves.length })}</p>
      {moves.length > 0 && <Moves moves={moves} />}
      {blocked.length > 0 && (
        <div className="warn">
          <p>{t('elect.blocked', { count: blocked.length })}</p>
          <ul>
            {blocked.slice(0, SHOWN_MAX).map(({ topic, partition, to, why }) => (
              <li key={`${topic}-${partition}`}>
                <span className="mono">
                  {topic}-{partition}
                </span>
                {': '}
                {t(why === 'away' ? 'elect.away' : 'elect.outOfSync', { broker: to })}
              </li>
            ))}
          </ul>
        </div>
      )}
      {moves.length > 0 && (
        <EqualCommandsPanel
          tool="kafka-leader-election.sh"
          commands={electionCommands({ bootstrap, election: 'preferred', partitions: moves })}
        />
      )}
      {refused.map(({ topic, partition, problem: why }) => (
        <p key={`${topic}-${partition}`} className="bad" role="alert">
          {t('elect.refused', { partition: `${topic}-${partition}`, why: why?.message })}
        </p>
      ))}
      {problem !== null && (
        <p className="bad" role="alert">
          <span className="mono">{problem.code}</span>: {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button
          kind="primary"
          whyNot={moves.length === 0 ? t('elect.nothing') : busy ? t('confirm.busy') : null}
          onClick={() => void elect()}
        >
          {t('elect.actCount', { count: moves.length })}
        </Button>
      </div>
    </div>
  )
}

function Moves({ moves }: { readonly moves: readonly LeaderMove[] }) {
  return (
    <MovesTable
      label={t('elect.title')}
      columns={[
        { title: t('elect.partition') },
        { title: t('elect.from') },
        { title: t('elect.to') },
      ]}
      more={
        moves.length > SHOWN_MAX
          ? t('elect.more', { formatted: formatCount(moves.length - SHOWN_MAX) })
          : null
      }
    >
      {moves.slice(0, SHOWN_MAX).map(({ topic, partition, from, to }) => (
        <tr key={`${topic}-${partition}`}>
          <th scope="row" className="mono clip">
            {topic}-{partition}
          </th>
          <td>{from === null ? UNKNOWN : <BrokerMark id={from} />}</td>
          <td>
            <BrokerMark id={to} />
          </td>
        </tr>
      ))}
    </MovesTable>
  )
}
