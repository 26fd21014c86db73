/** Says that what moves here is a sample, and offers to stop it or to take it all away. */
import type { SampleStatus } from '../../src-main/contract/model/application.ts'
import { useState } from 'react'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useCommands } from '../ui/commands.ts'
import { ConfirmTyped } from '../ui/confirm-typed.tsx'
import { formatCount } from '../ui/format/number.ts'
import { useStore } from '../ui/store.ts'
import { Sample } from './sample.ts'

const DISMISSED_KEY = 'odradek.sample.dismissed'

export function SampleBanner() {
  const client = useClient()
  const cluster = useCluster()
  const sample = useHeld(() => new Sample(client), 'sample')
  const status = useStore(sample)
  const [removing, setRemoving] = useState(false)
  const [dismissed, setDismissed] = useState(() => sessionStorage.getItem(DISMISSED_KEY))

  useCommands(sampleCommands(status, sample))
  if (status === null || status.state === 'absent' || status.cluster !== cluster.id) return null
  if (dismissed === status.state) return null
  const busy = ['starting', 'stopping', 'removing'].includes(status.state)
  return (
    <div className="notice" data-tone={status.state === 'failed' ? 'bad' : 'calm'} role="status">
      <span className="clip">
        {t(`sample.${status.state}`)}
        {status.state === 'running' && (
          <span className="quiet">
            {' · '}
            {t('sample.counts', {
              produced: formatCount(status.producedCount),
              consumed: formatCount(status.consumedCount),
            })}
          </span>
        )}
        {status.problem !== null && <span className="mono"> {status.problem.message}</span>}
      </span>
      <span className="spacer" />
      {status.state === 'running' && (
        <Button kind="quiet" onClick={() => void sample.order('sample.stop')}>
          {t('sample.stop')}
        </Button>
      )}
      {(status.state === 'stopped' || status.state === 'failed') && (
        <Button kind="quiet" onClick={() => void sample.order('sample.start')}>
          {t('sample.start')}
        </Button>
      )}
      {!busy && (
        <Button kind="quiet" onClick={() => setRemoving(true)}>
          {t('sample.remove')}
        </Button>
      )}
      {!busy && (
        <Button
          kind="quiet"
          onClick={() => {
            sessionStorage.setItem(DISMISSED_KEY, status.state)
            setDismissed(status.state)
          }}
        >
          {t('sample.hide')}
        </Button>
      )}
      <ConfirmTyped
        opened={removing}
        onClose={() => setRemoving(false)}
        title={t('sample.removeTitle')}
        what={t('sample.removeWhat', {
          topics: status.topics.join(', '),
          groups: status.groups.join(', '),
        })}
        typed="sample"
        act={t('sample.removeAct', { count: status.topics.length })}
        onConfirm={async () => {
          await sample.order('sample.remove')
          return null
        }}
      />
    </div>
  )
}

function sampleCommands(status: SampleStatus | null, sample: Sample) {
  if (status?.state === 'running')
    return [
      {
        id: 'sample-stop',
        title: t('sample.stopCommand'),
        group: 'view' as const,
        run: () => void sample.order('sample.stop'),
      },
    ]
  if (status?.state === 'absent' || status?.state === 'stopped')
    return [
      {
        id: 'sample-start',
        title: t('sample.start'),
        group: 'view' as const,
        run: () => void sample.order('sample.start'),
      },
    ]
  return []
}
