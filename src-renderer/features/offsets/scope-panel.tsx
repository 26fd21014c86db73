/** Which topics and partitions: everything that is committed, or those that are named. */
import { X } from 'lucide-react'
import { useId, useState } from 'react'
import type { OffsetScope } from '../../../src-main/contract/api/offset.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useStore } from '../../ui/store.ts'
import { NameField } from './name-field.tsx'
import { readPartitions, writePartitions } from './partition-list.ts'

interface ScopePanelProps {
  readonly scope: OffsetScope
  readonly onScope: (scope: OffsetScope) => void
  /** What stands for everything: the group's own, or what the strategy takes offsets from. */
  readonly everything: string
  /** Topics of the plan, to begin with when single ones are wanted. */
  readonly planned: readonly string[]
}

export function ScopePanel({ scope, onScope, everything, planned }: ScopePanelProps) {
  const name = useId()
  const chosen = scope ?? []
  return (
    <div className="lab-panel" role="radiogroup" aria-labelledby={`${name}-title`}>
      <h2 className="section-title" id={`${name}-title`}>
        {t('offsets.scope.title')}
      </h2>
      <label className="lab-choice">
        <input type="radio" name={name} checked={scope === null} onChange={() => onScope(null)} />
        <span>{everything}</span>
      </label>
      <label className="lab-choice">
        <input
          type="radio"
          name={name}
          checked={scope !== null}
          onChange={() => onScope(planned.map(topic => ({ topic, partitions: null })))}
        />
        <span>{t('offsets.scope.topics')}</span>
      </label>
      {scope !== null && (
        <div className="lab-topics">
          {chosen.map((entry, place) => (
            <ScopeTopic
              key={entry.topic}
              entry={entry}
              onChange={next => onScope(chosen.map((each, at) => (at === place ? next : each)))}
              onRemove={() => onScope(chosen.filter((_, at) => at !== place))}
            />
          ))}
          <AddTopic
            taken={chosen.map(({ topic }) => topic)}
            onAdd={topic => onScope([...chosen, { topic, partitions: null }])}
          />
        </div>
      )}
    </div>
  )
}

type ScopeEntry = NonNullable<OffsetScope>[number]

interface ScopeTopicProps {
  readonly entry: ScopeEntry
  readonly onChange: (entry: ScopeEntry) => void
  readonly onRemove: () => void
}

function ScopeTopic({ entry, onChange, onRemove }: ScopeTopicProps) {
  const { topic, partitions } = entry
  const [text, setText] = useState(partitions === null ? '' : writePartitions(partitions))
  const fits = /^[\d\s,-]*$/.test(text)
  return (
    <div className="lab-topic">
      <span className="mono clip" title={topic}>
        {topic}
      </span>
      <button
        type="button"
        className="copy-button"
        aria-label={t('offsets.scope.remove', { topic })}
        title={t('offsets.scope.remove', { topic })}
        onClick={onRemove}
      >
        <X size={13} aria-hidden />
      </button>
      <input
        className="field mono"
        value={text}
        placeholder={t('offsets.scope.allPartitions')}
        aria-label={t('offsets.scope.partitionsOf', { topic })}
        aria-invalid={!fits}
        spellCheck={false}
        onChange={event => {
          const next = event.currentTarget.value
          setText(next)
          const read = readPartitions(next)
          onChange({ topic, partitions: next.trim() === '' ? null : read })
        }}
      />
    </div>
  )
}

interface AddTopicProps {
  readonly taken: readonly string[]
  readonly onAdd: (topic: string) => void
}

function AddTopic({ taken, onAdd }: AddTopicProps) {
  const client = useClient()
  const cluster = useCluster().id
  const list = useHeld(() => new AskedAnswer(client, 'topic.list', { cluster }), cluster)
  const [text, setText] = useState('')
  const names = useStore(list).value?.topics?.name ?? []
  const known = names.includes(text)
  const whyNot =
    text === ''
      ? t('offsets.scope.addWhyNot')
      : taken.includes(text)
        ? t('offsets.scope.taken', { topic: text })
        : names.length > 0 && !known
          ? t('offsets.scope.unknown', { topic: text })
          : null
  return (
    <form
      className="lab-line"
      onSubmit={event => {
        event.preventDefault()
        if (whyNot !== null) return
        onAdd(text)
        setText('')
      }}
    >
      <NameField
        value={text}
        onChange={setText}
        names={names.filter(each => !taken.includes(each))}
        label={t('offsets.scope.add')}
      />
      <Button type="submit" whyNot={whyNot}>
        {t('offsets.scope.addAct')}
      </Button>
    </form>
  )
}
