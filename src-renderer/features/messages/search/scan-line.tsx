/** How far the search is: done of all, rates, time left, found, and how it ended. */
import { Popover } from '@mantine/core'
import { Play, Square } from 'lucide-react'
import { useState } from 'react'
import type { SearchProgress } from '../../../../src-main/contract/model/search.ts'
import { t } from '../../../i18n/i18n.ts'
import { formatCount } from '../../../ui/format/number.ts'
import type { RecordPlace } from '../query/address.ts'
import { FilterErrors, PartitionProgress, UnreadPartitions } from './scan-details.tsx'
import { canContinue, isOver, scanWords } from './scan-text.ts'

interface ScanLineProps {
  readonly topic: string
  readonly progress: SearchProgress
  readonly onStop: () => void
  readonly onContinue: () => void
  readonly onShow: (place: RecordPlace) => void
  /** Said before everything else while it is live. */
  readonly live?: React.ReactNode
}

export function ScanLine(props: ScanLineProps) {
  const { topic, progress, onStop, onContinue, onShow, live } = props
  const words = scanWords(progress)
  const over = isOver(progress)
  const errors = progress.filterErrorCount + progress.unreadableCount
  const { percent } = progress
  return (
    <div className="scan" role="status" aria-live="off">
      {percent !== null && (
        <div
          className="scan-bar"
          role="progressbar"
          aria-label={t('scan.progress')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(percent)}
        >
          <div data-over={over || undefined} style={{ width: `${percent}%` }} />
        </div>
      )}
      <span className="scan-words">
        {live}
        {words.state !== null && progress.state !== 'waiting' && (
          <strong className={words.tone}>{words.state}</strong>
        )}
        {words.parts.map(part => (
          <span key={part}>{part}</span>
        ))}
      </span>
      {progress.resumedCount > 0 && (
        <span className="quiet" title={t('scan.resumedMeans')}>
          {t('scan.resumed', { count: progress.resumedCount })}
        </span>
      )}
      {progress.problem !== null && (
        <span className="bad clip" title={progress.problem.message}>
          {progress.problem.message}
        </span>
      )}
      {errors > 0n && (
        <Details
          label={t('scan.errors', { count: Number(errors), formatted: formatCount(errors) })}
          tone="warn"
        >
          <FilterErrors topic={topic} progress={progress} onShow={onShow} />
        </Details>
      )}
      {progress.unreadCount > 0 && (
        <Details label={t('scan.unread', { count: progress.unreadCount })} tone="warn">
          <UnreadPartitions topic={topic} progress={progress} />
        </Details>
      )}
      <span className="spacer" />
      {progress.partitionCount > 0 && (
        <Details label={t('scan.partitions', { count: progress.partitionCount })} tone="faint">
          <PartitionProgress topic={topic} progress={progress} />
        </Details>
      )}
      {over ? (
        canContinue(progress) && (
          <button type="button" className="scan-act" onClick={onContinue}>
            <Play size={11} fill="currentColor" aria-hidden />
            {progress.state === 'full' ? t('scan.goOnCounting') : t('scan.continue')}
          </button>
        )
      ) : (
        <button type="button" className="scan-act" onClick={onStop} title="Esc">
          <Square size={10} fill="currentColor" aria-hidden />
          {t('scan.stop')}
        </button>
      )}
    </div>
  )
}

interface DetailsProps {
  readonly label: string
  readonly tone: 'warn' | 'faint'
  readonly children: React.ReactNode
}

function Details({ label, tone, children }: DetailsProps) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={`scan-act ${tone}`}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="scan-details" aria-label={label} tabIndex={0}>
        {opened && children}
      </Popover.Dropdown>
    </Popover>
  )
}
