/** More partitions for a topic, and before that what it does to its keys. */
import { Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type FormEvent } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { KeyMoves } from '../../../src-main/contract/model/topic.ts'
import { AskedAnswer, problemOf } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { addPartitionsLine } from '../../ui/configuration/command-line.ts'
import { EqualCommand } from '../../ui/configuration/equal-command.tsx'
import { Explanation } from '../../ui/explanation.tsx'
import { formatCount, formatPercent } from '../../ui/format/number.ts'
import { useStore } from '../../ui/store.ts'
import { PARTITIONS_MAX } from './topic-name.ts'

interface AddPartitionsProps {
  readonly opened: boolean
  readonly topic: string
  readonly partitionCount: number
  readonly compacted: boolean
  readonly onClose: () => void
}

export function AddPartitions(props: AddPartitionsProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('enlarge.title', { topic: props.topic })}
      size={640}
    >
      <Body {...props} />
    </Modal>
  )
}

function Body({ topic, partitionCount, compacted, onClose }: AddPartitionsProps) {
  const client = useClient()
  const { id: cluster, bootstrap } = useCluster()
  const [text, setText] = useState(String(partitionCount + 1))
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const count = Number(text)
  const fits = /^\d{1,6}$/.test(text) && count > partitionCount && count <= PARTITIONS_MAX
  const why = t('enlarge.problem', { least: partitionCount + 1, most: PARTITIONS_MAX })

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!fits || busy) return
    setBusy(true)
    try {
      await client.call('topic.add-partitions', { cluster, topic, count, validateOnly: false })
      notifications.show({ message: t('enlarge.done', { topic, count }), autoClose: 3_500 })
      onClose()
    } catch (error) {
      // The cluster's answer belongs beside the number that it is about.
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="purge" onSubmit={event => void submit(event)}>
      <label className="create-line">
        <span className="create-label">{t('enlarge.count')}</span>
        <input
          className="field number add-count"
          inputMode="numeric"
          value={text}
          autoFocus
          data-autofocus
          aria-invalid={!fits}
          onChange={event => {
            setText(event.currentTarget.value)
            setProblem(null)
          }}
        />
        <span className={fits ? 'small faint' : 'small bad'}>
          {fits ? t('enlarge.now', { count: partitionCount }) : why}
        </span>
      </label>
      {fits && <Keys key={count} topic={topic} count={count} compacted={compacted} />}
      <p className="quiet">
        <Explanation text={t('enlarge.noWayBack')} />
      </p>
      {fits && <EqualCommand line={addPartitionsLine(bootstrap, topic, count)} />}
      {problem !== null && (
        <p className="bad" role="alert">
          <span className="mono">{problem.code}</span>: {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button
          kind="primary"
          type="submit"
          whyNot={fits ? (busy ? t('confirm.busy') : null) : why}
        >
          {fits ? t('enlarge.act', { count: count - partitionCount }) : t('enlarge.actNone')}
        </Button>
      </div>
    </form>
  )
}

interface KeysProps {
  readonly topic: string
  readonly count: number
  readonly compacted: boolean
}

function Keys({ topic, count, compacted }: KeysProps) {
  const client = useClient()
  const cluster = useCluster().id
  const moves = useHeld(
    () => new AskedAnswer(client, 'topic.key-moves', { cluster, topic, count }),
    `${topic} ${count}`,
  )
  const { value, problem } = useStore(moves)
  return (
    <section className="key-moves" aria-label={t('enlarge.keys')}>
      <h3 className="section-title">{t('enlarge.keys')}</h3>
      {problem !== null && (
        <p className="bad">
          <span className="mono">{problem.code}</span>: {problem.message}
        </p>
      )}
      {value !== null && <Moves moves={value} compacted={compacted} />}
    </section>
  )
}

function Moves({ moves: { share, sample }, compacted }: { moves: KeyMoves; compacted: boolean }) {
  return (
    <>
      <div className="key-bar" role="img" aria-label={formatPercent(share, 1)}>
        <span style={{ width: `${share * 100}%` }} />
      </div>
      <p>{t('enlarge.share', { percent: formatPercent(share, 1) })}</p>
      {sample === null ? (
        <p className="quiet">{t('enlarge.noRecords')}</p>
      ) : sample.keyCount === 0 ? (
        <p className="quiet">
          {t('enlarge.noKeys', { formatted: formatCount(sample.recordCount) })}
        </p>
      ) : (
        <p className="quiet">
          {t('enlarge.sampled', {
            count: sample.keyCount,
            formatted: formatCount(sample.keyCount),
            moved: formatCount(sample.movedCount),
            percent: formatPercent(sample.movedCount, sample.keyCount),
          })}
        </p>
      )}
      {sample !== null && sample.elsewhereCount > 0 && (
        <p className="warn">
          {t('enlarge.elsewhere', {
            count: sample.elsewhereCount,
            formatted: formatCount(sample.elsewhereCount),
          })}
        </p>
      )}
      {sample !== null && sample.movedCount > 0 && compacted && (
        <p className="warn">{t('enlarge.compactWarning')}</p>
      )}
      {sample !== null && sample.examples.length > 0 && (
        <table className="review-table">
          <caption className="quiet small">{t('enlarge.examples')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('enlarge.key')}</th>
              <th scope="col">{t('enlarge.from')}</th>
              <th scope="col">{t('enlarge.to')}</th>
            </tr>
          </thead>
          <tbody>
            {sample.examples.map(({ key, from, to }) => (
              <tr key={key}>
                <th scope="row" className="mono">
                  {key === '' ? <span className="absent">{t('value.empty')}</span> : key}
                </th>
                <td className="mono">{from}</td>
                <td className="mono">{to}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
