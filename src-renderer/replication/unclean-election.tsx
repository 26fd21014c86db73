/** The last resort for a partition that nobody leads: says what it loses, and wants its name typed. */
import { notifications } from '@mantine/notifications'
import type { Problem } from '../../src-main/contract/define.ts'
import type { PartitionReplication } from '../../src-main/contract/model/replication.ts'
import { problemOf } from '../connection/answer.ts'
import { useClient, useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { ConfirmTyped } from '../ui/confirm-typed.tsx'
import { useZone } from '../ui/format/zone-context.ts'
import { findingWords } from './finding-words.ts'

interface UncleanElectionProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly topic: string
  readonly partition: PartitionReplication
}

export function UncleanElection({ opened, onClose, topic, partition }: UncleanElectionProps) {
  const client = useClient()
  const cluster = useCluster().id
  const zone = useZone()
  const name = `${topic}-${partition.partition}`
  const elect = async (): Promise<Problem | null> => {
    try {
      const place = { topic, partition: partition.partition }
      const input = { cluster, election: 'unclean' as const, partitions: [place] }
      const [elected] = await client.call('replication.elect', input)
      if (elected !== undefined && elected.problem !== null) return elected.problem
      notifications.show({ message: t('elect.uncleanDone', { partition: name }), autoClose: 3_500 })
      return null
    } catch (error) {
      // The cluster's answer belongs into the question, beside what it is about.
      return problemOf(error)
    }
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
        </div>
      }
      typed={name}
      act={t('elect.uncleanAct')}
      onConfirm={elect}
    />
  )
}
