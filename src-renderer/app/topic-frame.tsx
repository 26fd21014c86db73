/** A topic's name and tabs; the tab itself is a page of its own. */
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { TopicDescription } from '../../src-main/contract/model/topic.ts'
import { AskedAnswer } from '../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { TopicMenu } from '../features/topics/topic-menu.tsx'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { formatBytes } from '../ui/format/bytes.ts'
import { formatCount } from '../ui/format/number.ts'
import { recordCountSign } from '../ui/format/record-count.ts'
import { GoneNotice, isGone } from '../ui/state/states.tsx'
import { useStore } from '../ui/store.ts'
import { ProduceButton, TopicBody } from './topic-produce.tsx'

const INTERVAL_MS = 5_000

export function TopicFrame() {
  const client = useClient()
  const cluster = useCluster()
  const { topic } = useParams({ from: '/$cluster/topics/$topic' })
  const description = useHeld(
    () => new AskedAnswer(client, 'topic.describe', { cluster: cluster.id, topic }, INTERVAL_MS),
    `${cluster.id}|${topic}`,
  )
  const { value, problem } = useStore(description)
  useEffect(
    () =>
      client.on('topics.changed', changed => {
        if (changed.cluster === cluster.id) description.refresh()
      }),
    [client, cluster.id, description],
  )
  const shown = useShownTopic(topic, value)
  const isLost = value !== null && problem !== null && isGone(problem)
  const params = { cluster: cluster.id, topic }
  const offline = value?.partitions.filter(({ leader }) => leader === null).length ?? 0
  return (
    <div className="page">
      <header className="topic-head">
        <Link to="/$cluster/topics" params={{ cluster: cluster.id }} className="faint crumb">
          {t('navigation.topics')}
        </Link>
        <span className="faint">/</span>
        <h1 className="page-title clip copyable" title={topic}>
          <span className="clip">{topic}</span>
          <CopyButton text={topic} label={t('topic.copyName')} />
        </h1>
        {value !== null && (
          <span className="topic-facts faint clip">
            {t('topic.partitions', { count: value.partitions.length })}
            {value.figures.recordCount !== null && (
              <>
                {' · '}
                {recordCountSign([value.figures.recordCount])}
                {t('topic.records', {
                  count: Number(value.figures.recordCount.count),
                  formatted: formatCount(value.figures.recordCount.count),
                })}
              </>
            )}
            {value.figures.sizeBytes !== null && ` · ${formatBytes(value.figures.sizeBytes)}`}
            {value.figures.cleanupPolicy !== null && ` · ${value.figures.cleanupPolicy}`}
          </span>
        )}
        {offline > 0 && (
          <span className="tag" data-tone="bad">
            ✕ {t('topics.offline', { count: offline })}
          </span>
        )}
        <span className="spacer" />
        <ProduceButton />
        <TopicMenu key={topic} topic={topic} description={value} />
      </header>
      <nav className="tabs" aria-label={t('topic.tabs')}>
        {TABS.filter(({ word }) => cluster.kind === 'local' || !LOCAL_TABS.includes(word)).map(
          ({ to, word }) => (
            <Link key={to} to={to} params={params} className="tab" activeOptions={TAB_OPTIONS}>
              {t(`topic.${word}`)}
            </Link>
          ),
        )}
      </nav>
      {isLost && (
        <GoneNotice sentence={t('topic.gone')}>
          <Link to="/$cluster/topics" params={{ cluster: cluster.id }} className="button">
            {t('messages.toTopics')}
          </Link>
        </GoneNotice>
      )}
      {!isLost && shown.isAnother && (
        <GoneNotice sentence={t('topic.anew')}>
          <Button onClick={shown.accept}>{t('topic.showAnew')}</Button>
        </GoneNotice>
      )}
      <div className="page-body">
        <TopicBody key={`${topic} ${shown.life}`} />
      </div>
    </div>
  )
}

/** A topic of the same name but another id is another one: the page says so before it shows it. */
function useShownTopic(topic: string, value: TopicDescription | null) {
  const [shown, setShown] = useState<{ topic: string; id: string | null; life: number }>({
    topic,
    id: null,
    life: 0,
  })
  const id = value?.name === topic ? value.id : null
  let current = shown
  if (shown.topic !== topic) current = { topic, id, life: 0 }
  else if (shown.id === null && id !== null) current = { ...shown, id }
  if (current !== shown) setShown(current)
  return {
    isAnother: id !== null && current.id !== id,
    life: current.life,
    accept: () => setShown({ topic, id, life: current.life + 1 }),
  }
}

const TABS = [
  { to: '/$cluster/topics/$topic', word: 'messages' },
  { to: '/$cluster/topics/$topic/partitions', word: 'partitionsTab' },
  { to: '/$cluster/topics/$topic/groups', word: 'groups' },
  { to: '/$cluster/topics/$topic/configuration', word: 'configuration' },
  { to: '/$cluster/topics/$topic/statistics', word: 'statistics' },
  { to: '/$cluster/topics/$topic/storage', word: 'storage' },
] as const
/** What only a cluster inside this process has. */
const LOCAL_TABS: readonly string[] = ['storage']

const TAB_OPTIONS = { exact: true, includeSearch: false } as const
