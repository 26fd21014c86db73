/** One act on several topics: asked, done share by share with a way to stop, answered topic by topic. */
import { Modal } from '@mantine/core'
import { Check, TriangleAlert } from 'lucide-react'
import { useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import { problemOf } from '../../connection/answer.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format/number.ts'
import { TypedField } from '../../ui/typed-field.tsx'

export interface BulkResult {
  readonly name: string
  readonly problem: Problem | null
  /** What was done, in a word or two: records that went, a value as it is now. */
  readonly said: string | null
}

interface BulkDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  readonly topics: readonly string[]
  /** What will happen, with its numbers. */
  readonly what: ReactNode
  /** The text to type before data is destroyed; null where none is. */
  readonly typed: string | null
  /** The act and its object, as "Delete 3 topics". */
  readonly act: string
  readonly whyNot?: string | null
  /** How many topics are done at once. */
  readonly share: number
  readonly run: (topics: readonly string[]) => Promise<readonly BulkResult[]>
  /** After each share, with what is done so far. */
  readonly onResults: (results: readonly BulkResult[]) => void
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
  | { readonly type: 'running'; readonly results: readonly BulkResult[] }
  | { readonly type: 'over'; readonly results: readonly BulkResult[]; readonly stopped: boolean }

function Body(props: BulkDialogProps) {
  const { topics, typed, share, run, onResults, onClose } = props
  const [text, setText] = useState('')
  const [phase, setPhase] = useState<Phase>({ type: 'asking' })
  const stopped = useRef(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (phase.type !== 'asking' || blocked !== null) return
    let results: readonly BulkResult[] = []
    setPhase({ type: 'running', results })
    for (let at = 0; at < topics.length && !stopped.current; at += share) {
      const names = topics.slice(at, at + share)
      const answered = await run(names).catch((error: unknown) => {
        // One share that could not be asked for does not keep the next from being tried.
        const problem = problemOf(error)
        return names.map(name => ({ name, problem, said: null }))
      })
      results = [...results, ...answered]
      onResults(results)
      setPhase({ type: 'running', results })
    }
    const fine = results.every(({ problem }) => problem === null)
    if (fine && topics.length === 1) onClose()
    else setPhase({ type: 'over', results, stopped: stopped.current })
  }

  const blocked =
    props.whyNot ?? (typed === null || text === typed ? null : t('confirm.whyNot', { typed }))
  if (phase.type === 'running')
    return (
      <div className="confirm" role="status">
        <p>
          {t('bulk.running', {
            done: formatCount(phase.results.length),
            all: formatCount(topics.length),
          })}
        </p>
        <progress className="bulk-progress" value={phase.results.length} max={topics.length} />
        <div className="confirm-acts">
          <Button onClick={() => (stopped.current = true)}>{t('bulk.stop')}</Button>
        </div>
      </div>
    )
  if (phase.type === 'over') return <Over {...phase} asked={topics.length} onClose={onClose} />
  return (
    <form className="confirm" onSubmit={event => void submit(event)}>
      <div>{props.what}</div>
      {typed !== null && <TypedField typed={typed} value={text} onChange={setText} />}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button kind={typed === null ? 'primary' : 'danger'} type="submit" whyNot={blocked}>
          {props.act}
        </Button>
      </div>
    </form>
  )
}

/** Nobody reads ten thousand lines that say the same; what did not succeed stands before them. */
const RESULTS_SHOWN_MAX = 500

interface OverProps {
  readonly results: readonly BulkResult[]
  readonly stopped: boolean
  readonly asked: number
  readonly onClose: () => void
}

/** What did not succeed comes first. */
function Over({ results, stopped, asked, onClose }: OverProps) {
  const failed = results.filter(({ problem }) => problem !== null)
  const done = results.filter(({ problem }) => problem === null)
  const shown = [...failed, ...done].slice(0, RESULTS_SHOWN_MAX)
  return (
    <div className="confirm" role="status">
      <p>
        {t('bulk.done', { count: done.length, formatted: formatCount(done.length) })}
        {failed.length > 0 &&
          ` ${t('bulk.failed', { count: failed.length, formatted: formatCount(failed.length) })}`}
        {stopped &&
          ` ${t('bulk.stopped', { count: asked - results.length, formatted: formatCount(asked - results.length) })}`}
      </p>
      <ul className="bulk-results" tabIndex={0} aria-label={t('bulk.results')}>
        {shown.map(({ name, problem, said }) => (
          <li key={name}>
            {problem === null ? (
              <Check size={14} className="good" aria-label={t('bulk.isDone')} />
            ) : (
              <TriangleAlert size={14} className="bad" aria-label={t('bulk.isNot')} />
            )}
            <span className="mono clip" title={name}>
              {name}
            </span>
            <span className={problem === null ? 'faint' : 'bulk-problem'}>
              {problem === null ? said : `${problem.code}: ${problem.message}`}
            </span>
          </li>
        ))}
        {results.length > shown.length && (
          <li className="faint">{t('delete.more', { count: results.length - shown.length })}</li>
        )}
      </ul>
      <div className="confirm-acts">
        <Button kind="primary" onClick={onClose}>
          {t('configuration.close')}
        </Button>
      </div>
    </div>
  )
}
