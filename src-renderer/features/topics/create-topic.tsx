/** The panel that creates a topic. It is checked while one types, and by the broker before it counts. */
import { Drawer } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMemo, useState, type FormEvent } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import { AskedAnswer, problemOf } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { useOverview } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { Failure, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ConfigurationFields, type TypedConfigurations } from './configuration-fields.tsx'
import { asStored } from './configuration-value.ts'
import { TOPIC_NAME_LENGTH_MAX, topicNameProblem, type NameProblem } from './topic-name.ts'

const PARTITIONS_MAX = 100_000

interface CreateTopicProps {
  readonly opened: boolean
  readonly taken: readonly string[]
  readonly onClose: () => void
  readonly onCreated: (topic: string) => void
}

export function CreateTopic(props: CreateTopicProps) {
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      classNames={{ body: 'create-title-body' }}
      position="right"
      size={480}
      title={t('create.title')}
      transitionProps={{ duration: 100 }}
      overlayProps={{ backgroundOpacity: 0.2 }}
    >
      <Form {...props} />
    </Drawer>
  )
}

function Form({ taken, onClose, onCreated }: CreateTopicProps) {
  const client = useClient()
  const cluster = useCluster()
  const brokers = useOverview().value?.brokers.length ?? 1
  const definitions = useHeld(
    () => new AskedAnswer(client, 'topic.configuration-definitions', { cluster: cluster.id }),
    cluster.id,
  )
  const answer = useStore(definitions)
  const [name, setName] = useState('')
  const [partitions, setPartitions] = useState(String(Math.max(brokers, 1)))
  const [typed, setTyped] = useState<TypedConfigurations>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const [busy, setBusy] = useState(false)

  const nameProblem = useMemo(() => topicNameProblem(name, taken), [name, taken])
  const count = Number(partitions)
  const countFits = /^\d+$/.test(partitions) && count >= 1 && count <= PARTITIONS_MAX
  const whyNot =
    nameProblem !== null
      ? nameProblemText(nameProblem)
      : countFits
        ? busy
          ? t('create.busy')
          : null
        : t('create.partitionsProblem', { max: PARTITIONS_MAX })

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (whyNot !== null) return
    setBusy(true)
    try {
      const configurations = Object.entries(typed).flatMap(([key, { text, unit }]) => {
        const definition = answer.value?.find(known => known.name === key)
        if (definition === undefined || text.trim() === '') return []
        return [{ name: key, value: asStored(text, unit, definition) }]
      })
      await client.call('topic.create', {
        cluster: cluster.id,
        topic: name,
        partitionCount: count,
        replicationFactor: 1,
        configurations,
        validateOnly: false,
      })
      notifications.show({ message: t('create.created', { name, count }), autoClose: 2_500 })
      onClose()
      onCreated(name)
    } catch (error) {
      // The broker's answer belongs into the panel, beside what it is about.
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="create" onSubmit={event => void submit(event)}>
      <label className="create-line">
        <span className="create-label">{t('create.name')}</span>
        <input
          className="field mono"
          value={name}
          autoFocus
          data-autofocus
          spellCheck={false}
          autoComplete="off"
          aria-invalid={name !== '' && nameProblem !== null}
          aria-describedby="create-name-rule"
          onChange={event => setName(event.currentTarget.value)}
        />
        <span
          id="create-name-rule"
          className={name !== '' && nameProblem ? 'small bad' : 'small faint'}
        >
          {name !== '' && nameProblem !== null
            ? nameProblemText(nameProblem)
            : t('create.nameRule', { used: name.length, max: TOPIC_NAME_LENGTH_MAX })}
        </span>
      </label>
      <div className="create-pair">
        <label className="create-line">
          <span className="create-label">{t('create.partitions')}</span>
          <input
            className="field number"
            inputMode="numeric"
            value={partitions}
            aria-invalid={!countFits}
            onChange={event => setPartitions(event.currentTarget.value)}
          />
          <span className="small faint">{t('create.partitionsHint', { count: brokers })}</span>
        </label>
        <label className="create-line">
          <span className="create-label">{t('create.replicas')}</span>
          <input className="field number" value="1" disabled />
          <span className="small faint">{t('create.replicasWhy')}</span>
        </label>
      </div>
      {answer.value === null && answer.problem === null && <Loading what={t('create.waiting')} />}
      {answer.problem !== null && (
        <Failure
          what={t('create.readingDefinitions')}
          problem={answer.problem}
          onRetry={definitions.refresh}
        />
      )}
      {answer.value !== null && (
        <ConfigurationFields definitions={answer.value} typed={typed} onChange={setTyped} />
      )}
      <div className="create-end">
        {problem !== null && (
          <p className="bad" role="alert">
            <span className="mono">{problem.code}</span>: {problem.message}
            {problem.remedy !== undefined && ` ${problem.remedy}`}
          </p>
        )}
        <div className="confirm-acts">
          <Button onClick={onClose}>{t('confirm.cancel')}</Button>
          <Button kind="primary" type="submit" whyNot={whyNot}>
            {t('create.act')}
          </Button>
        </div>
      </div>
    </form>
  )
}

function nameProblemText(problem: NameProblem): string {
  switch (problem.type) {
    case 'empty':
      return t('create.nameEmpty')
    case 'dots':
      return t('create.nameDots')
    case 'too-long':
      return t('create.nameLong', { length: problem.length, max: TOPIC_NAME_LENGTH_MAX })
    case 'character':
      return t('create.nameCharacter', { character: problem.character })
    case 'taken':
      return t('create.nameTaken')
    case 'collides':
      return t('create.nameCollides', { with: problem.with })
  }
}
