/** Purging one topic: which partitions, up to where; what would go; the name typed; what went. */
import { Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState, type FormEvent } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { PurgeBound, PurgePreview } from '../../../src-main/contract/model/topic.ts'
import { AskedAnswer, problemOf } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { Button } from '../../ui/button.tsx'
import { deleteRecordsLine } from '../../ui/configuration/command-line.ts'
import { EqualCommand } from '../../ui/configuration/equal-command.tsx'
import { Explanation } from '../../ui/explanation.tsx'
import { formatCount } from '../../ui/format/number.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { Moment } from '../../ui/moment.tsx'
import { Failure, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { TypedField } from '../../ui/typed-field.tsx'
import { GroupsThere } from './groups-there.tsx'
import { PurgePreviewTable, PurgeSum } from './purge-preview.tsx'
import { parseOffset, parsePartitions, parsePurgeTime } from './purge-bound.ts'

interface PurgeTopicProps {
  readonly opened: boolean
  readonly topic: string
  readonly partitionCount: number
  readonly onClose: () => void
}

export function PurgeTopic(props: PurgeTopicProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('purge.title', { topic: props.topic })}
      size={760}
    >
      <Body {...props} />
    </Modal>
  )
}

interface Scope {
  readonly partitions: readonly number[] | null
  readonly before: PurgeBound
}

type Read = { readonly type: 'scope'; readonly scope: Scope } | { readonly type: 'wrong' }

function Body({ topic, partitionCount, onClose }: PurgeTopicProps) {
  const zone = useZone()
  const [bound, setBound] = useState<'end' | 'offset' | 'timestamp'>('end')
  const [offsetText, setOffsetText] = useState('')
  const [timeText, setTimeText] = useState('')
  const [partitionsText, setPartitionsText] = useState('')
  // An age is counted from when the dialog was opened: a preview that moves is none.
  const [nowMs] = useState(() => Date.now())

  const offset = parseOffset(offsetText)
  const timestampMs = parsePurgeTime(timeText, nowMs, zone)
  const chosen =
    partitionsText.trim() === '' ? null : parsePartitions(partitionsText, partitionCount)
  const partitionsWrong = partitionsText.trim() !== '' && chosen === null
  const before: PurgeBound | null =
    bound === 'end'
      ? { type: 'end' }
      : bound === 'offset'
        ? offset === null
          ? null
          : { type: 'offset', offset }
        : timestampMs === null
          ? null
          : { type: 'timestamp', timestampMs }
  const read: Read =
    before === null || partitionsWrong
      ? { type: 'wrong' }
      : { type: 'scope', scope: { partitions: chosen, before } }

  return (
    <div className="purge">
      <fieldset className="purge-what">
        <legend className="create-label">{t('purge.what')}</legend>
        {(['end', 'offset', 'timestamp'] as const).map(kind => (
          <label key={kind} className="switch">
            <input
              type="radio"
              name="purge-bound"
              checked={bound === kind}
              onChange={() => setBound(kind)}
            />
            {t(kind === 'timestamp' ? 'purge.time' : `purge.${kind}`)}
          </label>
        ))}
      </fieldset>
      <div className="create-pair">
        {bound === 'offset' && (
          <label className="create-line">
            <span className="create-label">{t('purge.offsetLabel')}</span>
            <input
              className="field mono number"
              inputMode="numeric"
              value={offsetText}
              autoFocus
              aria-invalid={offsetText !== '' && offset === null}
              onChange={event => setOffsetText(event.currentTarget.value)}
            />
            <span className={offsetText !== '' && offset === null ? 'small bad' : 'small faint'}>
              {t('purge.offsetWrong')}
            </span>
          </label>
        )}
        {bound === 'timestamp' && (
          <label className="create-line">
            <span className="create-label">{t('purge.timeLabel')}</span>
            <input
              className="field mono"
              value={timeText}
              autoFocus
              aria-invalid={timeText !== '' && timestampMs === null}
              onChange={event => setTimeText(event.currentTarget.value)}
            />
            {timeText !== '' && timestampMs === null ? (
              <span className="small bad">{t('purge.timeWrong', { text: timeText })}</span>
            ) : (
              <span className="small faint">
                {timestampMs === null ? t('purge.timeHint') : <Moment timestampMs={timestampMs} />}
              </span>
            )}
          </label>
        )}
        <label className="create-line">
          <span className="create-label">{t('purge.partitions')}</span>
          <input
            className="field mono"
            value={partitionsText}
            placeholder={t('purge.partitionsAll', { count: partitionCount })}
            aria-invalid={partitionsWrong}
            onChange={event => setPartitionsText(event.currentTarget.value)}
          />
          <span className={partitionsWrong ? 'small bad' : 'small faint'}>
            {partitionsWrong
              ? t('purge.partitionsWrong', { text: partitionsText, last: partitionCount - 1 })
              : t('purge.partitionsHint')}
          </span>
        </label>
      </div>
      {read.type === 'scope' ? (
        <Previewed key={keyOf(read.scope)} topic={topic} scope={read.scope} onClose={onClose} />
      ) : (
        <div className="confirm-acts">
          <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        </div>
      )}
    </div>
  )
}

function keyOf({ partitions, before }: Scope): string {
  const to =
    before.type === 'offset'
      ? before.offset
      : before.type === 'timestamp'
        ? before.timestampMs
        : 'end'
  return `${partitions?.join() ?? 'all'} ${before.type} ${to}`
}

interface PreviewedProps {
  readonly topic: string
  readonly scope: Scope
  readonly onClose: () => void
}

function Previewed({ topic, scope, onClose }: PreviewedProps) {
  const client = useClient()
  const cluster = useCluster()
  const preview = useHeld(
    () => new AskedAnswer(client, 'topic.purge-preview', { cluster: cluster.id, topic, ...scope }),
    `${topic} ${keyOf(scope)}`,
  )
  const { value, problem } = useStore(preview)
  if (value === null)
    return problem === null ? (
      <Loading what={t('purge.waiting')} />
    ) : (
      <Failure what={t('purge.reading')} problem={problem} onRetry={preview.refresh} />
    )
  return <Confirm topic={topic} preview={value} onClose={onClose} onStale={preview.refresh} />
}

interface ConfirmProps {
  readonly topic: string
  readonly preview: PurgePreview
  readonly onClose: () => void
  readonly onStale: () => void
}

function Confirm({ topic, preview, onClose, onStale }: ConfirmProps) {
  const client = useClient()
  const { id: cluster, bootstrap } = useCluster()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const { refusal, recordCount, partitions } = preview
  const before = partitions.flatMap(({ partition, beforeOffset, recordCount: count }) =>
    beforeOffset !== null && count > 0n ? [{ partition, offset: beforeOffset }] : [],
  )
  const whyNot =
    refusal?.message ??
    (before.length === 0
      ? t('purge.nothing')
      : text === topic
        ? busy
          ? t('confirm.busy')
          : null
        : t('confirm.whyNot', { typed: topic }))

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (whyNot !== null) return
    setBusy(true)
    try {
      const purged = await client.call('topic.purge', { cluster, topic, before })
      const gone = purged.reduce((sum, each) => sum + each.recordCount, 0n)
      const failed = purged.filter(each => each.problem !== null)
      const formatted = formatCount(gone)
      if (failed.length === 0) {
        notifications.show({ message: t('purge.done', { topic, formatted }), autoClose: 3_500 })
        onClose()
        return
      }
      const where = failed.map(({ partition }) => `${topic}-${partition}`).join(', ')
      const why = sayProblem(failed[0]!.problem!)
      const words = { formatted, failed: where, why: why.message }
      setProblem({ ...why, message: t('purge.donePart', words) })
      onStale()
    } catch (error) {
      // Shown in the question itself, which stays open.
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="purge" onSubmit={event => void submit(event)}>
      {refusal === null ? (
        <PurgeSum preview={preview} />
      ) : (
        <div className="purge-refusal" role="alert">
          <p>
            <strong>{t('purge.refused')}</strong> {sayProblem(refusal).message}.
          </p>
          {refusal.remedy !== undefined && <p className="quiet">{sayProblem(refusal).remedy}</p>}
        </div>
      )}
      <PurgePreviewTable partitions={partitions} />
      {refusal === null && recordCount > 0n && (
        <>
          <GroupsThere topic={topic}>
            <Explanation text={t('purge.groups')} />
          </GroupsThere>
          <EqualCommand line={deleteRecordsLine(bootstrap, topic, before)} />
          <TypedField typed={topic} value={text} onChange={setText} autoFocus={false} />
        </>
      )}
      {problem !== null && (
        <p className="bad" role="alert">
          <span className="mono">{problem.code}</span>: {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button kind="danger" type="submit" whyNot={whyNot}>
          {recordCount > 0n && refusal === null
            ? t('purge.act', { formatted: formatCount(recordCount) })
            : t('purge.actNone')}
        </Button>
      </div>
    </form>
  )
}
