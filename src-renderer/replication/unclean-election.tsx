/** The last resort for a partition that nobody leads: says what it loses, and wants its name typed. */
import { notifications } from '@mantine/notifications'
import type { Problem } from '../../src-main/contract/define.ts'
import type { PartitionReplication } from '../../src-main/contract/model/replication.ts'
import { problemOf } from '../connection/answer.ts'
import { useClient, useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { ConfirmTyped } from '../ui/confirm-typed.tsx'
import { formatCount } from '../ui/format/number.ts'
import { useZone } from '../ui/format/zone-context.ts'
import { EqualCommandsPanel } from './equal-commands-panel.tsx'
import { electionCommands } from './equal-commands.ts'
import { findingWords } from './finding-words.ts'

interface UncleanElectionProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly topic: string
  readonly partition: PartitionReplication
}

export function UncleanElection({ opened, onClose, topic, partition }: UncleanElectionProps) {
  const client = useClient()
  const { id: cluster, bootstrap } = useCluster()
  const zone = useZone()
  const name = `${topic}-${partition.partition}`
  const elect = async (): Promise<Problem | null> => {
    try {
      const place = { topic, partition: partition.partition }
      const input = { cluster, election: 'unclean' as const, partitions: [place] }
      const [elected] = await client.call('replication.elect', input)
      if (elected !== undefined && elected.problem !== null) return elected.problem
      notifications.show({ message: await readBack(), autoClose: 20_000 })
      return null
    } catch (error) {
      // The cluster's answer belongs into the question, beside what it is about.
      return problemOf(error)
    }
  }
  /** Who leads now and where its log ends: what was said before is compared with what came. */
  const readBack = async (): Promise<string> => {
    const place = { topic, partitions: [partition.partition], since: null }
    const { partitions } = await client.call('replication.topic', { cluster, ...place })
    const now = partitions[0]
    const leader = now?.replicas.find(({ isLeader }) => isLeader)
    if (leader === undefined) return t('elect.uncleanNobody', { partition: name })
    const lost = partition.findings.flatMap(finding =>
      finding.type === 'unclean-choice' && finding.broker === leader.broker
        ? (finding.lost ?? [])
        : [],
    )
    const words = {
      partition: name,
      broker: leader.broker,
      end: String(leader.logEndOffset ?? '?'),
    }
    return lost[0] === undefined
      ? t('elect.uncleanDone', words)
      : t('elect.uncleanLost', { ...words, lost: formatCount(lost[0]), count: Number(lost[0]) })
  }
  return (
    <ConfirmTyped
      opened={opened}
      onClose={onClose}
      title={t('elect.uncleanTitle', { partition: name })}
      what={
        <div className="loss">
          <p>{t('elect.uncleanWhat')}</p>
          <ul>
            {partition.findings
              .filter(({ type }) => type === 'unclean-choice' || type === 'no-leader')
              .map(finding => {
                const { text } = findingWords(finding, zone)
                return <li key={text}>{text}</li>
              })}
          </ul>
          <EqualCommandsPanel
            tool="kafka-leader-election.sh"
            commands={electionCommands({
              bootstrap,
              election: 'unclean',
              partitions: [{ topic, partition: partition.partition }],
            })}
          />
        </div>
      }
      typed={name}
      act={t('elect.uncleanAct')}
      onConfirm={elect}
    />
  )
}
