/**
 * Cuts the power of a node or of the whole cluster: says beforehand what that takes, and afterwards
 * what it took, file by file.
 */
import { Modal } from '@mantine/core'
import { useState } from 'react'
import type { Problem } from '../../src-main/contract/define.ts'
import type { DroppedFile, NodePowerCut } from '../../src-main/contract/model/replication.ts'
import { problemOf } from '../connection/answer.ts'
import { useClient, useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes } from '../ui/format/bytes.ts'
import { formatCount } from '../ui/format/number.ts'
import { Segments } from '../ui/segments.tsx'
import { MovesTable } from './moves-table.tsx'
import './replication.css'

const FILES_SHOWN_MAX = 12
const SCOPES = ['node', 'cluster'] as const

interface PowerCutProps {
  readonly opened: boolean
  readonly node: { readonly kind: 'broker' | 'controller'; readonly id: number }
  readonly onClose: () => void
  readonly onDone: () => void
}

export function PowerCut(props: PowerCutProps) {
  const { opened, node, onClose } = props
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('powerCut.title', { id: node.id })}
      size={620}
    >
      <Body {...props} />
    </Modal>
  )
}

function Body({ node, onClose, onDone }: PowerCutProps) {
  const client = useClient()
  const cluster = useCluster().id
  const [scope, setScope] = useState<(typeof SCOPES)[number]>('node')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [taken, setTaken] = useState<readonly NodePowerCut[] | null>(null)

  const cut = async () => {
    setBusy(true)
    setProblem(null)
    try {
      const whole = scope === 'cluster'
      setTaken(await client.call('node.power-cut', { cluster, node: whole ? null : node }))
    } catch (error) {
      // Why not belongs beside the question.
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
      onDone()
    }
  }

  if (taken !== null)
    return (
      <div className="confirm">
        {taken.map(each => (
          <Taken key={`${each.kind} ${each.id}`} cut={each} />
        ))}
        <p className="quiet">{t(`powerCut.afterwards.${scope}`)}</p>
        <div className="confirm-acts">
          <Button kind="primary" onClick={onClose}>
            {t('powerCut.close')}
          </Button>
        </div>
      </div>
    )
  return (
    <div className="confirm">
      <Segments
        label={t('powerCut.scopes')}
        options={SCOPES}
        value={scope}
        word={each => t(`powerCut.scope.${each}`, { id: node.id })}
        onChange={setScope}
      />
      <p>{t('powerCut.what')}</p>
      <p className="quiet">{t(`powerCut.then.${scope}`)}</p>
      {problem !== null && (
        <p className="bad" role="alert">
          <span className="mono">{problem.code}</span>: {problem.message}
        </p>
      )}
      <div className="confirm-acts">
        <Button onClick={onClose}>{t('confirm.cancel')}</Button>
        <Button kind="danger" whyNot={busy ? t('confirm.busy') : null} onClick={() => void cut()}>
          {t(`powerCut.act.${scope}`, { id: node.id })}
        </Button>
      </div>
    </div>
  )
}

function Taken({ cut }: { readonly cut: NodePowerCut }) {
  const { kind, id, droppedBytes, droppedFileCount, files } = cut
  const named = { node: t(`powerCut.kind.${kind}`, { id }) }
  const left = droppedFileCount - Math.min(files.length, FILES_SHOWN_MAX)
  return (
    <section className="power-cut">
      <p>
        {droppedBytes === 0
          ? t('powerCut.nothing', named)
          : t('powerCut.taken', {
              ...named,
              bytes: formatBytes(droppedBytes),
              count: droppedFileCount,
              formatted: formatCount(droppedFileCount),
            })}
      </p>
      {files.length > 0 && <Files files={files.slice(0, FILES_SHOWN_MAX)} />}
      {left > 0 && <p className="faint">{t('overview.more', { count: left })}</p>}
    </section>
  )
}

function Files({ files }: { readonly files: readonly DroppedFile[] }) {
  return (
    <MovesTable
      label={t('powerCut.files')}
      columns={[
        { title: t('powerCut.file') },
        { title: t('powerCut.dropped'), number: true },
        { title: t('powerCut.kept'), number: true },
      ]}
    >
      {files.map(({ path, droppedBytes, keptBytes }) => (
        <tr key={path}>
          <th scope="row" className="mono power-cut-file" title={path}>
            {path}
          </th>
          <td className="number">{formatBytes(droppedBytes)}</td>
          <td className="number quiet">{formatBytes(keptBytes)}</td>
        </tr>
      ))}
    </MovesTable>
  )
}
