/** Controllers that join and leave the quorum while the cluster runs: one more, and one less. */
import { Modal } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { Problem } from '../../src-main/contract/define.ts'
import type { ClusterReplication } from '../../src-main/contract/model/replication.ts'
import { problemOf } from '../connection/answer.ts'
import { useClient, useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'

interface AddControllerProps {
  readonly replication: ClusterReplication
  readonly onDone: () => void
}

/** Nothing where the controllers run elsewhere, or are brokers too. */
export function AddController({ replication, onDone }: AddControllerProps) {
  const client = useClient()
  const { id: cluster, readOnly } = useCluster()
  const [busy, setBusy] = useState(false)
  const own = replication.nodes.some(({ kind, acts }) => kind === 'controller' && acts.length > 0)
  if (!own) return null
  const add = async () => {
    setBusy(true)
    try {
      const id = await client.call('controller.add', { cluster })
      notifications.show({ message: t('voters.added', { id }) })
    } catch (error) {
      const why = problemOf(error).message
      notifications.show({ message: t('voters.notAdded', { why }), color: 'red' })
    } finally {
      setBusy(false)
      onDone()
    }
  }
  return (
    <Button
      whyNot={readOnly ? t('readOnly') : busy ? t('voters.adding') : null}
      title={t('voters.addHint')}
      onClick={() => void add()}
    >
      {t('voters.add')}
    </Button>
  )
}

interface RemoveControllerProps {
  readonly opened: boolean
  readonly id: number
  /** Before it leaves. */
  readonly voterCount: number
  readonly onClose: () => void
  readonly onDone: () => void
}

export function RemoveController(props: RemoveControllerProps) {
  const { opened, id, onClose } = props
  return (
    <Modal opened={opened} onClose={onClose} title={t('voters.removeTitle', { id })} size={520}>
      <Question {...props} />
    </Modal>
  )
}

function Question({ id, voterCount, onClose, onDone }: RemoveControllerProps) {
  const client = useClient()
  const { id: cluster } = useCluster()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const left = voterCount - 1
  // As many may fail as leave more than half of the voters.
  const spare = Math.ceil(left / 2) - 1
  const remove = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await client.call('controller.remove', { cluster, id })
      onClose()
    } catch (error) {
      // Why not belongs beside the question.
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
      onDone()
    }
  }
  return (
    <div className="confirm">
      <p>{t('voters.removeWhat')}</p>
      <p className={spare < 1 ? 'warn' : 'quiet'}>
        {t('voters.left', { count: left })}{' '}
        {spare < 1 ? t('voters.noSpare') : t('voters.spare', { count: spare })}
      </p>
      {problem !== null && (
        <p className="bad" role="alert">
          <span className="mono">{problem.code}</span>: {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button
          kind="danger"
          whyNot={busy ? t('confirm.busy') : null}
          onClick={() => void remove()}
        >
          {t('voters.remove', { id })}
        </Button>
      </div>
    </div>
  )
}
