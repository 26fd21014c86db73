import { Pause, Play, RotateCw, Square } from 'lucide-react'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { useStore } from '../../ui/store.ts'
import {
  writeFrom,
  writeUntil,
  type From,
  type MessagesSearch,
  type Until,
} from './messages-search.ts'
import { PartitionMenu } from './partition-menu.tsx'
import { PointMenu } from './point-menu.tsx'
import type { RecordViewState } from './record-view-state.ts'

interface ToolbarProps {
  readonly topic: string
  readonly from: From
  readonly until: Until
  readonly partitions: readonly number[] | null
  readonly live: boolean
  readonly paused: boolean
  readonly following: boolean
  readonly connected: boolean
  readonly state: RecordViewState
  readonly change: (next: Partial<MessagesSearch>) => void
  readonly onReadAgain: () => void
  readonly onPause: (paused: boolean) => void
}

export function MessagesToolbar(props: ToolbarProps) {
  const { topic, from, until, partitions, live, paused, change } = props
  const client = useClient()
  const cluster = useCluster().id
  const description = useHeld(
    () => new AskedAnswer(client, 'topic.describe', { cluster, topic }),
    `${cluster}|${topic}`,
  )
  const { value } = useStore(description)
  return (
    <div className="toolbar messages-toolbar">
      <PointMenu
        label={t('messages.from')}
        value={from}
        names={['newest', 'oldest']}
        onChange={point =>
          change({
            from: writeFrom(point),
            ...(point.type === 'newest' ? {} : { live: undefined }),
            at: undefined,
          })
        }
      />
      <PartitionMenu
        count={value?.partitions.length ?? null}
        value={partitions}
        onChange={next => change({ p: next === null ? undefined : next.join(',') })}
      />
      <PointMenu
        label={t('messages.until')}
        value={until}
        names={['now']}
        onChange={point =>
          change({ until: writeUntil(point), ...(point.type === 'now' ? {} : { live: undefined }) })
        }
      />
      <Button
        kind="quiet"
        icon={<RotateCw size={14} aria-hidden />}
        aria-label={t('messages.readAgain')}
        title={`${t('messages.readAgain')} · R`}
        onClick={props.onReadAgain}
      />
      {live ? (
        <>
          <Button
            icon={<Square size={12} fill="currentColor" aria-hidden />}
            title="L"
            onClick={() => change({ live: undefined })}
          >
            {t('messages.stop')}
          </Button>
          <Button
            kind="quiet"
            icon={paused ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
            title="P"
            onClick={() => props.onPause(!paused)}
          >
            {paused ? t('messages.resume') : t('messages.pause')}
          </Button>
        </>
      ) : (
        <Button
          kind="primary"
          icon={<Play size={12} fill="currentColor" aria-hidden />}
          title="L"
          onClick={() => change({ live: '1', from: undefined, until: undefined })}
        >
          {t('messages.live')}
        </Button>
      )}
      <span className="spacer" />
      <ScanLine {...props} />
    </div>
  )
}

/** How much there is, what was read for what is seen, and whether the table follows. */
function ScanLine({ state, live, paused, following, connected }: ToolbarProps) {
  const { lastPage, rows } = state
  const read =
    lastPage === null
      ? undefined
      : t('messages.lastRead', {
          rows: formatCount(lastPage.rows),
          bytes: formatBytes(lastPage.bytes),
          ms: Math.max(1, Math.round(lastPage.ms)),
        })
  return (
    <span className="faint scan-line" title={read} aria-live="off">
      {live && (
        <span className={following ? 'good' : 'warn'}>
          {!connected && `✕ ${t('status.disconnected')}`}
          {connected && following && `● ${t('messages.following')}`}
          {connected && !following && paused && `‖ ${t('messages.paused')}`}
          {connected && !following && !paused && `◐ ${t('messages.waitingForYou')}`}
        </span>
      )}
      {state.opened && (
        <span>
          {t('messages.count', { count: rows.count, formatted: formatCount(rows.count) })}
        </span>
      )}
    </span>
  )
}
