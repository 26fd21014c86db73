/**
 * The application's service: every command and stream of the contract, over the registered
 * clusters. Desktop and browser mode hand it their ports; it knows neither.
 */
import type { Client } from '../../engine/client/client.ts'
import { applicationApi, type ApplicationApi, type ApplicationHandlers } from '../contract/api.ts'
import type { FramePort, Problem } from '../contract/define.ts'
import { EventHub } from '../contract/event-hub.ts'
import type { ApplicationInfo, SampleStatus } from '../contract/model.ts'
import { serve } from '../contract/serve.ts'
import type { ClusterRegistry, RegisteredCluster } from '../clusters/cluster-registry.ts'
import {
  clusterOverview,
  describeBroker,
  LogDirsWatch,
  type OverviewOptions,
} from './cluster-overview.ts'
import { describeGroup } from './group-description.ts'
import { groupFigures, groupsOfTopic, listGroups } from './groups.ts'
import { tailRecords } from './live-tail.ts'
import { RateSampler, SAMPLE_INTERVAL_MS } from './rate-sampler.ts'
import { RecordDetails } from './record-detail.ts'
import { readRecordPage, seekRecord } from './record-page.ts'
import { createTopic, deleteTopics } from './topic-changes.ts'
import { topicConfigurationDefinitions, topicConfigurations } from './topic-configurations.ts'
import { describeTopic, topicFigures } from './topic-figures.ts'
import { listTopics } from './topic-list.ts'
import { plainDigest, watch, type Wait } from './watch.ts'

/** The sample shop, as far as the service needs it; `src-main/sample` has it. */
export interface SampleControl {
  status(): SampleStatus
  start(): Promise<SampleStatus>
  stop(): Promise<SampleStatus>
  /** Stops it, and deletes its topics and groups. */
  remove(): Promise<SampleStatus>
  onChange(listener: (status: SampleStatus) => void): () => void
}

export interface ApplicationServerOptions {
  readonly clusters: ClusterRegistry
  readonly sample: SampleControl
  readonly info: () => Promise<ApplicationInfo>
  readonly nowMs: () => number
  readonly wait: Wait
  /** Told of mistakes of ours, for the log. */
  readonly onMistake?: (problem: Problem) => void
}

export interface ApplicationServer {
  readonly handlers: ApplicationHandlers
  readonly events: EventHub<ApplicationApi>
  /** Serves one page until its port closes; returns what closes it. */
  serveFrames(port: FramePort): () => void
  /** Closes every port; clusters stay as they are. */
  close(): void
}

const WATCH_INTERVAL_MS = 1_000
const OVERVIEW_INTERVAL_MS = 2_000

export function createApplicationServer(options: ApplicationServerOptions): ApplicationServer {
  const { clusters, sample } = options
  const events = new EventHub<ApplicationApi>()
  const unlisten = [
    clusters.onChange(() => events.emit('clusters.changed', clusters.list())),
    sample.onChange(status => events.emit('sample.changed', status)),
  ]
  const handlers: ApplicationHandlers = {
    commands: {
      ...applicationCommands(options),
      ...topicCommands(options, events),
      ...recordCommands(options),
      ...groupCommands(options),
    },
    streams: streams(options),
  }
  const open = new Set<() => void>()
  return {
    handlers,
    events,
    serveFrames(port) {
      const onMistake = (problem: Problem) => options.onMistake?.(problem)
      const close = serve({ contract: applicationApi, handlers, events, port, onMistake })
      open.add(close)
      port.onClose(() => open.delete(close))
      return close
    },
    close() {
      for (const stop of unlisten) stop()
      for (const close of open) close()
    },
  }
}

type Commands = ApplicationHandlers['commands']

function overviewOf(cluster: RegisteredCluster, options: OverviewOptions) {
  const controllerIds = cluster.controllerIds?.()
  return clusterOverview(cluster.client, { ...options, ...(controllerIds && { controllerIds }) })
}

function applicationCommands({ clusters, sample, info, nowMs }: ApplicationServerOptions) {
  return {
    'app.info': () => info(),
    'cluster.list': async () => clusters.list(),
    'cluster.overview': async ({ cluster }) =>
      overviewOf(clusters.get(cluster), { nowMs: nowMs() }),
    'broker.describe': async ({ cluster, brokerId }) =>
      describeBroker(clusters.get(cluster).client, brokerId),
    'sample.status': async () => sample.status(),
    'sample.start': () => sample.start(),
    'sample.stop': () => sample.stop(),
    'sample.remove': () => sample.remove(),
  } satisfies Partial<Commands>
}

function topicCommands({ clusters }: ApplicationServerOptions, events: EventHub<ApplicationApi>) {
  return {
    'topic.list': async ({ cluster, known }) => listTopics(clusters.get(cluster).client, known),
    'topic.figures': async ({ cluster, topics }) =>
      topicFigures(clusters.get(cluster).client, topics),
    'topic.describe': async ({ cluster, topic }) =>
      describeTopic(clusters.get(cluster).client, topic),
    'topic.configurations': async ({ cluster, topic }) => {
      const { client, kind } = clusters.get(cluster)
      return topicConfigurations(client, topic, kind === 'local')
    },
    'topic.configuration-definitions': async ({ cluster }) => {
      clusters.get(cluster)
      return topicConfigurationDefinitions()
    },
    'topic.create': async input => {
      const created = await createTopic(clusters.getForChange(input.cluster).client, input)
      if (created.created) events.emit('topics.changed', { cluster: input.cluster })
      return created
    },
    'topic.delete': async ({ cluster, topics }) => {
      const deleted = await deleteTopics(clusters.getForChange(cluster).client, topics)
      events.emit('topics.changed', { cluster })
      return deleted
    },
  } satisfies Partial<Commands>
}

function recordCommands({ clusters, nowMs }: ApplicationServerOptions) {
  const details = new RecordDetails(nowMs)
  return {
    'record.page': async (input, signal) =>
      readRecordPage(clusters.get(input.cluster).client, input, { nowMs, signal }),
    'record.get': async input => details.get(clusters.get(input.cluster).client, input),
    'record.bytes': async input => details.bytes(clusters.get(input.cluster).client, input),
    'record.seek': async input => seekRecord(clusters.get(input.cluster).client, input),
  } satisfies Partial<Commands>
}

function groupCommands({ clusters, nowMs }: ApplicationServerOptions) {
  return {
    'group.list': async ({ cluster }) => listGroups(clusters.get(cluster).client),
    'group.figures': async ({ cluster, groupIds }) =>
      groupFigures(clusters.get(cluster).client, groupIds, nowMs()),
    'group.describe': async ({ cluster, groupId }) =>
      describeGroup(clusters.get(cluster).client, groupId, nowMs()),
    'group.of-topic': async ({ cluster, topic }) =>
      groupsOfTopic(clusters.get(cluster).client, topic, nowMs()),
  } satisfies Partial<Commands>
}

function streams({ clusters, nowMs, wait }: ApplicationServerOptions) {
  const samplers = new WeakMap<Client, RateSampler>()
  const samplerOf = ({ client, traffic }: RegisteredCluster) => {
    const made = { client, traffic: traffic ?? null, nowMs, wait }
    const known = samplers.get(client) ?? new RateSampler(made)
    samplers.set(client, known)
    return known
  }
  return {
    'record.live': async (input, sink) =>
      tailRecords({ client: clusters.get(input.cluster).client, input, sink, nowMs, wait }),
    'group.watch': async ({ cluster, groupId, intervalMs = WATCH_INTERVAL_MS }, sink) => {
      const { client } = clusters.get(cluster)
      const read = () => describeGroup(client, groupId, nowMs())
      await watch({ sink, intervalMs, nowMs, wait, read, digest: plainDigest })
    },
    'cluster.watch': async ({ cluster, intervalMs = OVERVIEW_INTERVAL_MS }, sink) => {
      const registered = clusters.get(cluster)
      const logDirs = new LogDirsWatch(registered.client, nowMs)
      const read = () => overviewOf(registered, { nowMs: nowMs(), logDirs })
      await watch({ sink, intervalMs, nowMs, wait, read, digest: plainDigest })
    },
    'rates.watch': async ({ cluster, topics, intervalMs = SAMPLE_INTERVAL_MS }, sink) => {
      const sampler = samplerOf(clusters.get(cluster))
      for (const topic of topics) sampler.topics.set(topic, (sampler.topics.get(topic) ?? 0) + 1)
      sink.emit({ source: sampler.source, samples: sampler.history })
      let sentAtMs = -Infinity
      const stop = sampler.watch(sample => {
        // A sample comes a little early or late; one that is nearly due is not left out.
        if (nowMs() - sentAtMs < intervalMs * 0.9 || sink.congested) return
        sentAtMs = nowMs()
        sink.emit({ source: sampler.source, samples: [sample] })
      })
      await new Promise(resolve => sink.signal.addEventListener('abort', resolve))
      stop()
      for (const topic of topics) forget(sampler.topics, topic)
    },
  } satisfies ApplicationHandlers['streams']
}

function forget(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 1) - 1
  if (left > 0) counts.set(key, left)
  else counts.delete(key)
}
