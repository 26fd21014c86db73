/** The last question before data is destroyed: says what goes, and wants the name typed. */
import { Modal } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import type { Problem } from '../../src-main/contract/define.ts'
import { t } from '../i18n/i18n.ts'
import { Button } from './button.tsx'
import { TypedField } from './typed-field.tsx'

interface ConfirmTypedProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  /** What goes, with its numbers. */
  readonly what: ReactNode
  /** The text to type. */
  readonly typed: string
  /** The act and its object, as "Delete 3 topics". */
  readonly act: string
  /** Answers null when it is done, or why it is not. */
  readonly onConfirm: () => Promise<Problem | null>
}

export function ConfirmTyped(props: ConfirmTypedProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size={520}>
      <Question {...props} />
    </Modal>
  )
}

function Question({ what, typed, act, onConfirm, onClose }: ConfirmTypedProps) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const fits = text === typed

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!fits || busy) return
    setBusy(true)
    const refused = await onConfirm()
    setBusy(false)
    setProblem(refused)
    if (refused === null) onClose()
  }

  return (
    <form className="confirm" onSubmit={event => void submit(event)}>
      <div>{what}</div>
      <TypedField typed={typed} value={text} onChange={setText} />
      {problem !== null && (
        <p className="bad mono" role="alert">
          {problem.code}: {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button
          kind="danger"
          type="submit"
          whyNot={fits ? (busy ? t('confirm.busy') : null) : t('confirm.whyNot', { typed })}
        >
          {act}
        </Button>
      </div>
    </form>
  )
}
