/** What is true of all partitions together, in words: in sync or not, and how even they are. */
import { useState } from 'react'
import type { PartitionReplication } from '../../../src-main/contract/model/replication.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ElectPreferred } from '../../replication/elect-preferred.tsx'
import { Reassign } from '../../replication/reassign.tsx'
import { Button } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands.ts'
import { BrokerMark, Glyph } from '../../ui/glyph.tsx'
import { factorOf, inSyncOf, leaderOf, type PartitionRow } from './partition-row.ts'

interface PartitionSummaryProps {
  readonly topic: string
  readonly rows: readonly PartitionRow[]
}

export function PartitionSummary({ topic, rows }: PartitionSummaryProps) {
  const [act, setAct] = useState<'elect' | 'reassign' | null>(null)
  const { readOnly } = useCluster()
  const misled = rows.filter(({ replication }) => has(replication, 'not-preferred')).length
  const leaders = new Map<number, number>()
  for (const row of rows) {
    const leader = leaderOf(row)
    if (leader !== null) leaders.set(leader, (leaders.get(leader) ?? 0) + 1)
  }
  const whyNot = readOnly ? t('readOnly') : null
  useCommands(
    readOnly
      ? []
      : [
          { id: 'elect', title: t('elect.act'), group: 'page', run: () => setAct('elect') },
          {
            id: 'reassign',
            title: t('reassign.act'),
            group: 'page',
            run: () => setAct('reassign'),
          },
        ],
  )
  const close = () => setAct(null)
  return (
    <div className="toolbar">
      <Health rows={rows} />
      <span className="spacer" />
      {leaders.size > 0 && <span className="faint">{t('partitions.leaders')}</span>}
      {[...leaders]
        .sort(([a], [b]) => a - b)
        .map(([broker, count]) => (
          <span key={broker} className="leader-count">
            <BrokerMark id={broker} /> {count}
          </span>
        ))}
      {misled > 0 && (
        <Button whyNot={whyNot} onClick={() => setAct('elect')}>
          {t('elect.act')}
        </Button>
      )}
      <Button whyNot={whyNot} onClick={() => setAct('reassign')}>
        {t('reassign.act')}
      </Button>
      <ElectPreferred opened={act === 'elect'} topic={topic} onClose={close} />
      <Reassign opened={act === 'reassign'} topic={topic} onClose={close} />
    </div>
  )
}

function Health({ rows }: { readonly rows: readonly PartitionRow[] }) {
  const offline = rows.filter(row => leaderOf(row) === null)
  const under = rows.filter(row => inSyncOf(row).length < factorOf(row))
  const below = rows.filter(({ replication }) => has(replication, 'below-min-isr'))
  if (offline.length === 0 && under.length === 0)
    return (
      <span>
        <Glyph state="inSync" /> {t('partitions.allInSync', { count: rows.length })}
      </span>
    )
  return (
    <span className="clip partition-health">
      {offline.length > 0 && (
        <span className="bad">{t('partitions.offlineList', { list: listOf(offline) })} </span>
      )}
      {below.length > 0 && (
        <span className="bad">{t('replication.belowMinList', { list: listOf(below) })} </span>
      )}
      {under.length > 0 && (
        <span className="warn">{t('partitions.underList', { list: listOf(under) })}</span>
      )}
    </span>
  )
}

function has(
  replication: PartitionReplication | null,
  type: PartitionReplication['findings'][number]['type'],
): boolean {
  return replication?.findings.some(finding => finding.type === type) ?? false
}

function listOf(partitions: readonly { readonly partition: number }[]): string {
  return partitions.map(({ partition }) => partition).join(', ')
}
