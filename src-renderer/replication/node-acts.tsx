/** What can be done to a node of the local cluster: a menu in its line, each act with its effect. */
import { Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import {
  CirclePause,
  CirclePlay,
  CircleStop,
  Ellipsis,
  Play,
  Skull,
  UserMinus,
  ZapOff,
} from 'lucide-react'
import { useState } from 'react'
import type { NodeAct, NodeSummary } from '../../src-main/contract/model/replication.ts'
import { problemOf } from '../connection/answer.ts'
import { useClient, useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { PowerCut } from './power-cut.tsx'
import { RemoveController } from './voters.tsx'

const ICONS = {
  stop: CircleStop,
  kill: Skull,
  pause: CirclePause,
  resume: CirclePlay,
  start: Play,
} as const satisfies Record<NodeAct, unknown>

interface NodeActsProps {
  readonly node: Pick<NodeSummary, 'id' | 'kind' | 'acts'>
  /** Of the quorum, where it is a controller that can leave it. */
  readonly voterCount?: number
  readonly onDone: () => void
}

export function NodeActs({ node, voterCount, onDone }: NodeActsProps) {
  const client = useClient()
  const { id: cluster } = useCluster()
  const [acting, setActing] = useState<NodeAct | null>(null)
  const { id, acts } = node
  const kind = node.kind === 'controller' ? 'controller' : 'broker'
  const act = async (chosen: NodeAct) => {
    setActing(chosen)
    try {
      await client.call('node.act', { cluster, kind, id, act: chosen })
    } catch (error) {
      const words = { act: t(`node.act.${chosen}`), id, why: problemOf(error).message }
      notifications.show({ message: t('node.failed', words), color: 'red' })
    } finally {
      setActing(null)
      onDone()
    }
  }
  const [cutting, setCutting] = useState(false)
  const [removing, setRemoving] = useState(false)
  const label = t('node.acts', { id })
  return (
    // The line below opens at a click; this is not one.
    <span className="node-acts" onClick={event => event.stopPropagation()}>
      <Menu position="bottom-end" width={340} returnFocus>
        <Menu.Target>
          <Button
            kind="quiet"
            icon={<Ellipsis size={15} aria-hidden />}
            aria-label={label}
            whyNot={
              acts.length === 0
                ? t('node.noActs')
                : acting === null
                  ? null
                  : t('node.acting', { act: t(`node.act.${acting}`), id })
            }
            title={label}
          />
        </Menu.Target>
        {acts.length > 0 && (
          <Menu.Dropdown>
            {acts.map(each => {
              const Icon = ICONS[each]
              return (
                <Menu.Item
                  key={each}
                  leftSection={<Icon size={14} aria-hidden />}
                  data-danger={each === 'kill' || undefined}
                  onClick={() => void act(each)}
                >
                  {t(`node.act.${each}`)}
                  <span className="node-act-hint small faint">
                    {t(`node.actHint.${kind}.${each}`)}
                  </span>
                </Menu.Item>
              )
            })}
            <Menu.Divider />
            <Menu.Item
              leftSection={<ZapOff size={14} aria-hidden />}
              data-danger
              onClick={() => setCutting(true)}
            >
              {t('powerCut.item')}
              <span className="node-act-hint small faint">{t('powerCut.hint')}</span>
            </Menu.Item>
            {voterCount !== undefined && voterCount > 1 && (
              <Menu.Item
                leftSection={<UserMinus size={14} aria-hidden />}
                data-danger
                onClick={() => setRemoving(true)}
              >
                {t('voters.item')}
                <span className="node-act-hint small faint">{t('voters.itemHint')}</span>
              </Menu.Item>
            )}
          </Menu.Dropdown>
        )}
      </Menu>
      <PowerCut
        opened={cutting}
        node={{ kind, id }}
        onClose={() => setCutting(false)}
        onDone={onDone}
      />
      <RemoveController
        opened={removing}
        id={id}
        voterCount={voterCount ?? 0}
        onClose={() => setRemoving(false)}
        onDone={onDone}
      />
    </span>
  )
}
