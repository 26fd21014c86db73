/** The panel that creates a topic, anew or like another one. The cluster judges it while one types. */
import { Drawer } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useEffect, useMemo, useState, type FormEvent } from 'react'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { TopicConfigurationDefinition } from '../../../src-main/contract/model/configuration.ts'
import type { TopicSettings } from '../../../src-main/contract/model/topic.ts'
import { AskedAnswer, problemOf } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { useOverview, useOverviewRetry } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { createTopicLine } from '../../ui/configuration/command-line.ts'
import { EqualCommand } from '../../ui/configuration/equal-command.tsx'
import { topicWarnings } from '../../ui/configuration/warnings.ts'
import { Failure, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { ConfigurationFields, type SetConfigurations } from './configuration-fields.tsx'
import { CreateHead, nameProblemText } from './create-head.tsx'
import { PARTITIONS_MAX, topicNameProblem } from './topic-name.ts'

const JUDGE_AFTER_MS = 400
const FACTOR_USUAL = 3
const MIN_ISR = 'min.insync.replicas'

interface CreateTopicProps {
  readonly opened: boolean
  readonly taken: readonly string[]
  /** The topic whose settings it begins with; null for an empty form. */
  readonly like: string | null
  readonly onClose: () => void
  readonly onCreated: (topic: string) => void
}

export function CreateTopic(props: CreateTopicProps) {
  const { like } = props
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      classNames={{ body: 'create-title-body', title: 'create-drawer-title' }}
      position="right"
      size={560}
      title={like === null ? t('create.title') : t('create.cloneTitle', { topic: like })}
      transitionProps={{ duration: 100 }}
      overlayProps={{ backgroundOpacity: 0.2 }}
    >
      {like === null ? <Asked {...props} settings={null} /> : <Cloned {...props} like={like} />}
    </Drawer>
  )
}

function Cloned(props: CreateTopicProps & { readonly like: string }) {
  const client = useClient()
  const cluster = useCluster().id
  const { like } = props
  const settings = useHeld(
    () => new AskedAnswer(client, 'topic.settings', { cluster, topic: like }),
    `${cluster}|${like}`,
  )
  const { value, problem } = useStore(settings)
  if (value !== null) return <Asked {...props} settings={value} />
  return problem === null ? (
    <Loading what={t('create.waitingLike', { topic: like })} />
  ) : (
    <Failure
      what={t('create.readingLike', { topic: like })}
      problem={problem}
      onRetry={settings.refresh}
    />
  )
}

interface AskedProps extends CreateTopicProps {
  readonly settings: TopicSettings | null
}

function Asked(props: AskedProps) {
  const client = useClient()
  const cluster = useCluster().id
  const definitions = useHeld(
    () => new AskedAnswer(client, 'topic.configuration-definitions', { cluster }),
    cluster,
  )
  const { value, problem } = useStore(definitions)
  const overview = useOverview()
  const refreshOverview = useOverviewRetry()
  if (problem !== null)
    return (
      <Failure
        what={t('create.readingDefinitions')}
        problem={problem}
        onRetry={definitions.refresh}
      />
    )
  // The form begins with as many replicas as there are brokers for, so it waits for their number.
  if (overview.value === null && overview.problem !== null)
    return (
      <Failure
        what={t('create.readingBrokers')}
        problem={overview.problem}
        onRetry={refreshOverview}
      />
    )
  if (value === null || overview.value === null) return <Loading what={t('create.waiting')} />
  return <Form {...props} definitions={value} brokers={overview.value.brokers.length} />
}

interface FormProps extends AskedProps {
  readonly definitions: readonly TopicConfigurationDefinition[]
  readonly brokers: number
}

function Form({ taken, like, settings, definitions, brokers, onClose, onCreated }: FormProps) {
  const client = useClient()
  const { id: cluster, bootstrap, readOnly } = useCluster()
  const [name, setName] = useState('')
  const [partitions, setPartitions] = useState(String(settings?.partitionCount ?? brokers))
  const [factor, setFactor] = useState(
    String(settings?.replicationFactor ?? Math.min(FACTOR_USUAL, brokers)),
  )
  const [set, setSet] = useState<SetConfigurations>(() =>
    Object.fromEntries(settings?.configurations.map(each => [each.name, each.value]) ?? []),
  )
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<Problem | null>(null)

  const nameProblem = useMemo(() => topicNameProblem(name, taken), [name, taken])
  const count = wholeNumber(partitions, PARTITIONS_MAX)
  const replicationFactor = wholeNumber(factor, brokers)
  const draft = {
    topic: name,
    partitionCount: count,
    replicationFactor,
    configurations: Object.entries(set).map(([key, value]) => ({ name: key, value })),
  }
  const fits = nameProblem === null && count !== null && replicationFactor !== null
  const judged = useJudged(fits ? draft : null)
  const problem = failed ?? judged
  const refusedName = problem === null ? null : nameIn(problem.message, Object.keys(set))
  const whyNot = readOnly
    ? t('readOnly')
    : nameProblem !== null
      ? nameProblemText(nameProblem)
      : count === null
        ? t('create.partitionsProblem', { max: PARTITIONS_MAX })
        : replicationFactor === null
          ? t('create.factorProblem', { count: brokers })
          : busy
            ? t('create.busy')
            : (judged?.message ?? null)
  const warnings = topicWarnings(
    key => set[key] ?? definitions.find(each => each.name === key)?.defaultValue ?? null,
    { replicationFactor, partitionCount: count },
  )

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (whyNot !== null) return
    setBusy(true)
    try {
      const created = await client.call('topic.create', { cluster, ...draft, validateOnly: false })
      const words = { name, count: created.partitionCount }
      notifications.show({ message: t('create.created', words), autoClose: 2_500 })
      onClose()
      onCreated(name)
    } catch (error) {
      // The broker's answer belongs into the panel, beside what it is about.
      setFailed(problemOf(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="create" onSubmit={event => void submit(event)}>
      {readOnly && (
        <p className="bad" role="note">
          {t('readOnly')}
        </p>
      )}
      {like !== null && <p className="quiet">{t('create.cloneWhat')}</p>}
      <CreateHead
        name={name}
        nameProblem={nameProblem}
        onName={next => {
          setName(next)
          setFailed(null)
        }}
        partitions={partitions}
        partitionsFit={count !== null}
        onPartitions={setPartitions}
        factor={factor}
        factorFits={replicationFactor !== null}
        onFactor={setFactor}
        brokers={brokers}
        minIsr={set[MIN_ISR] ?? ''}
        minIsrDefault={definitions.find(each => each.name === MIN_ISR)?.defaultValue ?? null}
        onMinIsr={text => {
          const { [MIN_ISR]: _before, ...others } = set
          setSet(text === '' ? others : { ...set, [MIN_ISR]: text })
          setFailed(null)
        }}
      />
      <ConfigurationFields
        definitions={definitions}
        set={set}
        warnings={warnings}
        refusal={
          refusedName === null || problem === null
            ? null
            : { name: refusedName, reason: problem.message }
        }
        onChange={next => {
          setSet(next)
          setFailed(null)
        }}
      />
      <div className="create-end">
        {name !== '' && <EqualCommand folded line={createTopicLine({ bootstrap, ...draft })} />}
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

interface Draft {
  readonly topic: string
  readonly partitionCount: number | null
  readonly replicationFactor: number | null
  readonly configurations: readonly { readonly name: string; readonly value: string }[]
}

/** Asks the cluster, a moment after the last key, whether it would create this. */
function useJudged(draft: Draft | null): Problem | null {
  const client = useClient()
  const cluster = useCluster().id
  const key = draft === null ? null : JSON.stringify(draft)
  const [judged, setJudged] = useState<{ key: string | null; problem: Problem | null }>({
    key: null,
    problem: null,
  })
  useEffect(() => {
    if (key === null) return undefined
    const abort = new AbortController()
    const timer = setTimeout(() => {
      const asked = JSON.parse(key) as Draft
      client.call('topic.create', { cluster, ...asked, validateOnly: true }, abort.signal).then(
        () => setJudged({ key, problem: null }),
        (error: unknown) => {
          if (!abort.signal.aborted) setJudged({ key, problem: problemOf(error) })
        },
      )
    }, JUDGE_AFTER_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [client, cluster, key])
  return judged.key === key ? judged.problem : null
}

function wholeNumber(text: string, most: number): number | null {
  const number = Number(text)
  return /^\d{1,6}$/.test(text) && number >= 1 && number <= most ? number : null
}

/** The configuration that a refusal is about: the longest of its names that stands there. */
function nameIn(message: string, names: readonly string[]): string | null {
  const named = names.filter(name => message.includes(name))
  return named.sort((a, b) => b.length - a.length)[0] ?? null
}
