/** What can be done with a topic: a menu at its head, the acts that destroy data apart. */
import { Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Copy, Ellipsis, Eraser, RefreshCw, Rows3, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { TopicDescription } from '../../../src-main/contract/model/topic.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useCommands } from '../../ui/commands.ts'
import { AddPartitions } from './add-partitions.tsx'
import { DeleteTopics } from './delete-topics.tsx'
import { PurgeTopic } from './purge-topic.tsx'
import { RecreateTopic } from './recreate-topic.tsx'
import './topics.css'

type Act = 'clone' | 'partitions' | 'purge' | 'recreate' | 'delete'

interface TopicMenuProps {
  readonly topic: string
  /** Null until it is described; nothing can be done before. */
  readonly description: TopicDescription | null
}

export function TopicMenu({ topic, description }: TopicMenuProps) {
  const cluster = useCluster()
  const navigate = useNavigate()
  const [act, setAct] = useState<Act | null>(null)
  const params = { cluster: cluster.id }
  const run = (chosen: Act) => {
    if (chosen === 'clone')
      void navigate({ to: '/$cluster/topics', params, search: { create: '1', like: topic } })
    else setAct(chosen)
  }
  const readOnly = cluster.readOnly ? t('readOnly') : null
  const why = (chosen: Act): string | null => {
    if (readOnly !== null || description === null) return readOnly ?? t('acts.groupsWaiting')
    return description.internal && chosen !== 'clone' && chosen !== 'partitions'
      ? t('acts.internalWhy')
      : null
  }
  useCommands(
    acts
      .filter(({ id }) => why(id) === null)
      .map(({ id }) => ({
        id: `topic-${id}`,
        title: `${t(`acts.${id}`)}: ${topic}`,
        group: 'page' as const,
        run: () => run(id),
      })),
  )
  const close = () => setAct(null)
  const itself = useMemo(() => [topic], [topic])
  const item = ({ id, Icon, danger }: (typeof acts)[number]) => {
    const whyNot = why(id)
    return (
      <Menu.Item
        key={id}
        data-danger={danger || undefined}
        leftSection={<Icon size={14} aria-hidden />}
        aria-disabled={whyNot !== null || undefined}
        title={whyNot ?? undefined}
        data-blocked={whyNot !== null || undefined}
        onClick={() => {
          if (whyNot === null) run(id)
        }}
      >
        {t(`acts.${id}`)}
      </Menu.Item>
    )
  }
  return (
    <>
      <Menu position="bottom-end" withinPortal transitionProps={{ duration: 80 }}>
        <Menu.Target>
          <Button
            className="button"
            icon={<Ellipsis size={15} aria-hidden />}
            aria-label={t('acts.menu')}
            title={t('acts.menu')}
          />
        </Menu.Target>
        <Menu.Dropdown>
          {acts.filter(({ danger }) => !danger).map(item)}
          <Menu.Divider />
          <Menu.Label>{t('acts.danger')}</Menu.Label>
          {acts.filter(({ danger }) => danger).map(item)}
        </Menu.Dropdown>
      </Menu>
      {description !== null && (
        <>
          <PurgeTopic
            opened={act === 'purge'}
            topic={topic}
            partitionCount={description.partitions.length}
            onClose={close}
          />
          <AddPartitions
            opened={act === 'partitions'}
            topic={topic}
            partitionCount={description.partitions.length}
            compacted={description.figures.cleanupPolicy?.includes('compact') === true}
            onClose={close}
          />
        </>
      )}
      <RecreateTopic opened={act === 'recreate'} topic={topic} onClose={close} />
      <DeleteTopics
        topics={act === 'delete' ? itself : null}
        onClose={close}
        onDeleted={() => void navigate({ to: '/$cluster/topics', params })}
      />
    </>
  )
}

const acts = [
  { id: 'clone', Icon: Copy, danger: false },
  { id: 'partitions', Icon: Rows3, danger: false },
  { id: 'purge', Icon: Eraser, danger: true },
  { id: 'recreate', Icon: RefreshCw, danger: true },
  { id: 'delete', Icon: Trash2, danger: true },
] as const satisfies readonly { id: Act; Icon: typeof Copy; danger: boolean }[]
