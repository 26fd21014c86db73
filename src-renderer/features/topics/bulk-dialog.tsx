/** One act on several topics: asked for here, done by the application, which goes on without us. */
import { Modal } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import type { TopicAct } from '../../../src-main/contract/api/topic-act.ts'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { TopicActResult } from '../../../src-main/contract/model/topic-act.ts'
import { problemOf } from '../../connection/answer.ts'
import { useClient, useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { TypedField } from '../../ui/typed-field.tsx'
import { TopicActView } from './topic-act-view.tsx'

interface BulkDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  readonly topics: readonly string[]
  /** What will happen, with its numbers. */
  readonly what: ReactNode
  /** The text to type before data is destroyed; null where none is. */
  readonly typed: string | null
  /** Null while the question is not answered yet, which `whyNot` says. */
  readonly act: TopicAct | null
  /** The act and its object, as "Delete 3 topics". */
  readonly actLabel: string
  readonly whyNot?: string | null
  /** Once, when the last topic is done. */
  readonly onOver: (results: readonly TopicActResult[]) => void
}

export function BulkDialog(props: BulkDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size={600}>
      <Body {...props} />
    </Modal>
  )
}

type Phase =
  | { readonly type: 'asking' }
  | { readonly type: 'starting' }
  | { readonly type: 'refused'; readonly problem: Problem }
  | { readonly type: 'begun'; readonly jobId: string }

function Body(props: BulkDialogProps) {
  const { topics, typed, act, onOver, onClose } = props
  const client = useClient()
  const { id: cluster, readOnly } = useCluster()
  const [text, setText] = useState('')
  const [phase, setPhase] = useState<Phase>({ type: 'asking' })
  const isTyped = typed === null || text === typed
  const blocked =
    (readOnly ? t('readOnly') : null) ??
    props.whyNot ??
    (isTyped ? null : t('confirm.whyNot', { typed })) ??
    (phase.type === 'starting' ? t('confirm.busy') : null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (blocked !== null || act === null) return
    setPhase({ type: 'starting' })
    try {
      const { jobId } = await client.call('topic.act', { cluster, topics, act })
      setPhase({ type: 'begun', jobId })
    } catch (error) {
      // Shown in the question itself, which stays open.
      setPhase({ type: 'refused', problem: problemOf(error) })
    }
  }

  if (phase.type === 'begun')
    return <TopicActView jobId={phase.jobId} onClose={onClose} onOver={onOver} />
  return (
    <form className="confirm" onSubmit={event => void submit(event)}>
      <div>{props.what}</div>
      {typed !== null && <TypedField typed={typed} value={text} onChange={setText} />}
      {phase.type === 'refused' && (
        <p className="bad" role="alert">
          <span className="mono">{phase.problem.code}</span>: {phase.problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button kind={typed === null ? 'primary' : 'danger'} type="submit" whyNot={blocked}>
          {props.actLabel}
        </Button>
      </div>
    </form>
  )
}
