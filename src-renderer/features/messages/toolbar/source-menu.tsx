/** What is looked at: partitions of the topic, and further topics that are merged in by time. */
import { X } from 'lucide-react'
import { useState } from 'react'
import { AskedAnswer } from '../../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../../connection/client-context.tsx'
import { t } from '../../../i18n/i18n.ts'
import { placeHue } from '../../../ui/broker-hue.ts'
import { useStore } from '../../../ui/store.ts'
import { TOPICS_MAX, type MessagesQuery } from '../query/address.ts'
import { MenuButton } from './menu-button.tsx'
import { topicNames } from './topic-names.ts'

const PARTITIONS_SHOWN_MAX = 1_000
const FOUND_MAX = 50

interface SourceMenuProps {
  readonly query: MessagesQuery
  readonly topic: string
  /** How many the topic has; null while that is not known. */
  readonly partitionCount: number | null
  readonly onChange: (change: Partial<MessagesQuery>) => void
}

export function SourceMenu({ query, topic, partitionCount, onChange }: SourceMenuProps) {
  const { partitions, topics } = query
  const text = partitionsText(partitions, partitionCount)
  const value = topics.length === 0 ? text : t('source.more', { text, count: topics.length })
  return (
    <MenuButton label={t('messages.in')} value={value}>
      {() => (
        <>
          <Partitions count={partitionCount} value={partitions} onChange={onChange} />
          <OtherTopics topic={topic} value={topics} onChange={onChange} />
          <label className="switch choice-switch choice-section">
            <input
              type="checkbox"
              checked={query.committed}
              onChange={event => onChange({ committed: event.currentTarget.checked })}
            />
            {t('source.committed')}
          </label>
        </>
      )}
    </MenuButton>
  )
}

interface PartitionsProps {
  readonly count: number | null
  readonly value: readonly number[] | null
  readonly onChange: SourceMenuProps['onChange']
}

function Partitions({ count, value, onChange }: PartitionsProps) {
  const all = Array.from(
    { length: Math.min(count ?? 0, PARTITIONS_SHOWN_MAX) },
    (_, partition) => partition,
  )
  const toggle = (partition: number) => {
    if (value === null) return onChange({ partitions: [partition] })
    const next = value.includes(partition)
      ? value.filter(known => known !== partition)
      : [...value, partition].sort((a, b) => a - b)
    return onChange({ partitions: next.length === 0 || next.length === count ? null : next })
  }
  return (
    <>
      <button
        type="button"
        className="choice-item"
        aria-pressed={value === null}
        onClick={() => onChange({ partitions: null })}
      >
        <input type="checkbox" tabIndex={-1} checked={value === null} readOnly aria-hidden />
        {t('messages.allPartitions')}
      </button>
      <div className="partition-grid">
        {all.map(partition => (
          <button
            key={partition}
            type="button"
            className="partition-choice"
            aria-pressed={value?.includes(partition) === true}
            style={{ '--hue': placeHue(partition).colour } as React.CSSProperties}
            onClick={() => toggle(partition)}
          >
            {partition}
          </button>
        ))}
      </div>
    </>
  )
}

interface OtherTopicsProps {
  readonly topic: string
  readonly value: readonly string[]
  readonly onChange: SourceMenuProps['onChange']
}

function OtherTopics({ topic, value, onChange }: OtherTopicsProps) {
  const client = useClient()
  const cluster = useCluster().id
  const listing = useHeld(() => new AskedAnswer(client, 'topic.list', { cluster }), cluster)
  const names = topicNames(useStore(listing).value)
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found =
    wanted === ''
      ? []
      : names
          .filter(name => name.toLowerCase().includes(wanted))
          .filter(name => name !== topic && !value.includes(name))
          .slice(0, FOUND_MAX)
  const full = value.length >= TOPICS_MAX - 1
  return (
    <div className="choice-section">
      <span className="section-title">{t('source.topics')}</span>
      {value.map(name => (
        <span key={name} className="choice-picked">
          <span className="clip mono" title={name}>
            {name}
          </span>
          <button
            type="button"
            className="copy-button"
            aria-label={t('source.remove', { topic: name })}
            onClick={() => onChange({ topics: value.filter(each => each !== name) })}
          >
            <X size={13} aria-hidden />
          </button>
        </span>
      ))}
      <input
        className="field"
        placeholder={full ? t('source.full', { max: TOPICS_MAX }) : t('source.add')}
        aria-label={t('source.add')}
        disabled={full}
        value={text}
        spellCheck={false}
        onChange={event => setText(event.currentTarget.value)}
        onKeyDown={event => {
          const [first] = found
          if (event.key !== 'Enter' || first === undefined) return
          onChange({ topics: [...value, first] })
          setText('')
        }}
      />
      {found.length > 0 && (
        <div className="choice-list">
          {found.map(name => (
            <button
              key={name}
              type="button"
              className="choice-item"
              onClick={() => {
                onChange({ topics: [...value, name] })
                setText('')
              }}
            >
              <span className="clip mono" title={name}>
                {name}
              </span>
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function partitionsText(value: readonly number[] | null, count: number | null): string {
  if (value === null)
    return count === null ? t('messages.allPartitions') : t('messages.allOf', { count })
  if (value.length <= 4)
    return t('messages.somePartitions', { count: value.length, list: value.join(', ') })
  return t('messages.manyPartitions', { count: value.length, of: count ?? '?' })
}
