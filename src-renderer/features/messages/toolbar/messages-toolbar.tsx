/** What is shown, what is looked for, and run or stop: one line. */
import { Pause, Play, Radio, RotateCw, Square } from 'lucide-react'
import type { ReactNode } from 'react'
import { AskedAnswer } from '../../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../../connection/client-context.tsx'
import { t } from '../../../i18n/i18n.ts'
import { Button } from '../../../ui/button.tsx'
import { useStore } from '../../../ui/store.ts'
import type { MessagesQuery } from '../query/address.ts'
import { FromMenu, UntilMenu } from './point-menu.tsx'
import { SourceMenu } from './source-menu.tsx'

interface ToolbarProps {
  readonly topic: string
  readonly query: MessagesQuery
  readonly onChange: (change: Partial<MessagesQuery>) => void
  /** A search runs, and can be stopped. */
  readonly running: boolean
  readonly onRun: () => void
  readonly onStop: () => void
  readonly onLive: () => void
  readonly paused: boolean
  readonly onPause: (paused: boolean) => void
  readonly filter: ReactNode
  /** Saved views and export. */
  readonly more: ReactNode
}

export function MessagesToolbar(props: ToolbarProps) {
  const { topic, query, onChange, running, paused } = props
  const client = useClient()
  const cluster = useCluster().id
  const description = useHeld(
    () => new AskedAnswer(client, 'topic.describe', { cluster, topic }),
    `${cluster}|${topic}`,
  )
  const partitionCount = useStore(description).value?.partitions.length ?? null
  const live = query.until.type === 'never'
  const menus = { query, topic, partitionCount, onChange }
  return (
    <div className="toolbar messages-toolbar">
      <FromMenu {...menus} />
      <SourceMenu {...menus} />
      <UntilMenu {...menus} />
      {props.filter}
      {running ? (
        <Button
          icon={<Square size={11} fill="currentColor" aria-hidden />}
          title="Esc"
          onClick={props.onStop}
        >
          <span className="wide">{t('messages.stop')}</span>
        </Button>
      ) : (
        <Button
          kind={live ? 'quiet' : 'primary'}
          icon={<RunIcon query={query} />}
          aria-label={t('messages.run')}
          title={`${t('messages.runHint')} · Enter, R`}
          onClick={props.onRun}
        >
          <span className="wide">{t('messages.run')}</span>
        </Button>
      )}
      <Button
        kind="quiet"
        icon={<Radio size={14} aria-hidden />}
        aria-pressed={live}
        aria-label={t('messages.live')}
        title={`${live ? t('messages.stopLive') : t('messages.startLive')} · L`}
        onClick={props.onLive}
      >
        <span className="wide">{t('messages.live')}</span>
      </Button>
      {live && (
        <Button
          kind="quiet"
          icon={paused ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
          aria-label={paused ? t('messages.resume') : t('messages.pause')}
          title={`${paused ? t('messages.resume') : t('messages.pause')} · H`}
          onClick={() => props.onPause(!paused)}
        />
      )}
      {props.more}
    </div>
  )
}

function RunIcon({ query }: { readonly query: MessagesQuery }) {
  return query.until.type === 'never' ? (
    <RotateCw size={13} aria-hidden />
  ) : (
    <Play size={12} fill="currentColor" aria-hidden />
  )
}
