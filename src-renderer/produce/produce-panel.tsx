/** The side panel that produces to a topic. It stands beside whatever page of the topic is shown. */
import { X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import type { ClusterSummary } from '../../src-main/contract/model/cluster.ts'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useZone } from '../ui/format/zone-context.ts'
import { Failure, FailureNotice, Loading } from '../ui/state/states.tsx'
import { useStore } from '../ui/store.ts'
import { FileTab } from './file-tab.tsx'
import { FootWarnings } from './hints.tsx'
import { ManyTab } from './many-tab.tsx'
import { PanelFoot } from './panel-foot.tsx'
import { ProblemText } from './problem-text.tsx'
import { PRODUCE_TABS, type ProduceTab, type ProduceView } from './produce-search.ts'
import { sessionOf, type ProduceSession } from './produce-session.ts'
import { RecordTab } from './record-tab.tsx'
import { ReplayTab } from './replay-tab.tsx'
import { TemplateMenu } from './template-menu.tsx'
import { whyNotSend } from './why-not.ts'
import './produce.css'

export interface ProducePanelProps {
  readonly topic: string
  readonly view: ProduceView
  readonly clusters: readonly ClusterSummary[]
  readonly onTab: (tab: ProduceTab) => void
  readonly onClose: () => void
  /** Records were written: what shows them may look again. */
  readonly onWritten: () => void
}

export function ProducePanel(props: ProducePanelProps) {
  const { topic, view, clusters, onTab, onClose, onWritten } = props
  const client = useClient()
  const cluster = useCluster()
  const zone = useZone()
  const session = useHeld(() => sessionOf(client, cluster.id, topic), `${cluster.id}|${topic}`)
  const panel = useRef<HTMLElement>(null)
  const { resend } = view
  useEffect(() => session.setZone(zone), [session, zone])
  const place = resend === null ? null : `${resend.partition}:${resend.offset}`
  useEffect(() => {
    if (resend !== null) void session.load(resend)
    // The place as text: the address is read anew with every change of it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [session, place])
  useEffect(() => {
    panel.current?.querySelector<HTMLElement>('textarea')?.focus()
  }, [session])
  const onKeyDown = (event: KeyboardEvent) => {
    // Of an open menu, which stands elsewhere in the document.
    if (!(event.target instanceof Node) || panel.current?.contains(event.target) !== true) return
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault()
      event.stopPropagation()
      onClose()
    } else if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      panel.current?.querySelector<HTMLElement>('[data-kind="primary"]')?.click()
    }
  }
  return (
    <aside
      ref={panel}
      className="produce"
      aria-label={t('produce.label', { topic })}
      onKeyDown={onKeyDown}
    >
      <header className="produce-head">
        <h2 className="produce-title clip">
          {t('produce.title')} <span className="mono">{topic}</span>
        </h2>
        <span className="spacer" />
        {(view.tab === 'new' || view.tab === 'many') && <TemplateMenu session={session} />}
        <Button
          kind="quiet"
          icon={<X size={15} aria-hidden />}
          aria-label={t('produce.close')}
          title={`${t('produce.close')} · Esc`}
          onClick={onClose}
        />
      </header>
      <div className="tabs produce-tabs" role="tablist" aria-label={t('produce.tabs')}>
        {PRODUCE_TABS.map(each => (
          <button
            key={each}
            type="button"
            role="tab"
            className="tab"
            aria-selected={each === view.tab}
            onClick={() => onTab(each)}
          >
            {t(`produce.tab.${each}`)}
          </button>
        ))}
      </div>
      {cluster.readOnly ? (
        <p className="produce-problem produce-body">{t('produce.readOnly')}</p>
      ) : (
        <Tab session={session} tab={view.tab} clusters={clusters} onWritten={onWritten} />
      )}
    </aside>
  )
}

interface TabProps {
  readonly session: ProduceSession
  readonly tab: ProduceTab
  readonly clusters: readonly ClusterSummary[]
  readonly onWritten: () => void
}

function Tab({ session, tab, clusters, onWritten }: TabProps) {
  const { target, targetProblem, loading, loadProblem, resend } = useStore(session)
  if (target === null && targetProblem !== null)
    return (
      <Failure
        what={t('produce.readingTarget')}
        problem={targetProblem}
        onRetry={session.retryTarget}
      />
    )
  if (loading) return <Loading what={t('produce.loading')} />
  const stale =
    targetProblem === null ? null : (
      <FailureNotice
        what={t('produce.readingTarget')}
        problem={targetProblem}
        onRetry={session.retryTarget}
      />
    )
  switch (tab) {
    case 'new':
      return (
        <>
          {stale}
          {loadProblem !== null && resend !== null && (
            <FailureNotice
              what={t('produce.readingRecord', {
                place: `${resend.partition}:${resend.offset}`,
              })}
              problem={loadProblem}
              onRetry={session.retryLoad}
            />
          )}
          <div className="produce-body">
            {resend !== null && loadProblem === null && (
              <p className="produce-note">
                {t('produce.resending', { place: `${resend.partition}:${resend.offset}` })}
                <Button kind="quiet" onClick={session.reset}>
                  {t('produce.startEmpty')}
                </Button>
              </p>
            )}
            <RecordTab session={session} />
          </div>
          <SendFoot session={session} onWritten={onWritten} />
        </>
      )
    case 'many':
      return <ManyTab session={session} onWritten={onWritten} />
    case 'file':
      return <FileTab session={session} onWritten={onWritten} />
    case 'replay':
      return <ReplayTab session={session} clusters={clusters} />
  }
}

const isMac = navigator.platform.startsWith('Mac')

interface SendFootProps {
  readonly session: ProduceSession
  readonly onWritten: () => void
}

function SendFoot({ session, onWritten }: SendFootProps) {
  const state = useStore(session)
  const { sending, sendProblem, previewProblem } = state
  // Of the form as it is: with the first change it is no longer what was refused.
  const refused = state.answered ? (state.sent[0]?.record.problem ?? null) : null
  const problem = sendProblem ?? previewProblem ?? refused
  return (
    <PanelFoot>
      {refused === null && <FootWarnings state={state} />}
      {problem !== null && (
        <p className="produce-problem" role="alert">
          <ProblemText problem={problem} />
        </p>
      )}
      <div className="produce-acts">
        <LastSent session={session} />
        <span className="spacer" />
        <span className="kbd" aria-hidden>
          {isMac ? '⌘ ↵' : 'Ctrl ↵'}
        </span>
        <Button
          kind="primary"
          whyNot={sending ? t('produce.sending') : whyNotSend(state)}
          onClick={() => void session.send().then(written => written && onWritten())}
        >
          {sending ? t('produce.sending') : t('produce.send')}
        </Button>
      </div>
    </PanelFoot>
  )
}

function LastSent({ session }: { readonly session: ProduceSession }) {
  const { sent, answered } = useStore(session)
  const [last] = sent
  if (last === undefined || (!answered && last.record.problem !== null)) return null
  const { partition, offset, problem } = last.record
  return (
    <span className="clip" role="status" data-tone={problem === null ? undefined : 'bad'}>
      {problem !== null
        ? t('produce.lastRefused')
        : offset === null
          ? t('produce.lastUnknown', { partition })
          : t('produce.lastSent', { partition, offset: offset.toString() })}
    </span>
  )
}
