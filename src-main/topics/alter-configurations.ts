/** `configuration.alter`: changes to configurations, and what they are afterwards. */
import type { Client, Target } from '../../engine/client/client.ts'
import { configOperations } from '../../engine/controller/alter-configs.ts'
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../engine/protocol/messages/incremental-alter-configs.ts'
import type { Problem } from '../contract/define.ts'
import type {
  AlteredConfiguration,
  ConfigurationChange,
  ConfigurationEntry,
  ConfigurationOperation,
  ConfigurationResource,
} from '../contract/model/configuration.ts'
import { problemOf } from '../contract/problem.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import type { Wait } from '../lookups/watch.ts'
import { describeConfigurations, someOfTopics } from './topic-configurations.ts'

const api = { request: incrementalAlterConfigsRequest, response: incrementalAlterConfigsResponse }
const TOPIC = 2
const BROKER = 4

const operations: Readonly<Record<ConfigurationOperation, number>> = {
  set: configOperations.SET,
  reset: configOperations.DELETE,
  append: configOperations.APPEND,
  subtract: configOperations.SUBTRACT,
}

/** A broker hears of a change from the controller, a moment later. */
const READ_BACK_TRIES = 20
const READ_BACK_PAUSE_MS = 100

export interface Alteration {
  readonly resources: readonly ConfigurationResource[]
  readonly changes: readonly ConfigurationChange[]
  readonly validateOnly: boolean
}

export interface AlterOptions {
  readonly ownEngine: boolean
  readonly wait: Wait
  readonly signal: AbortSignal
}

/** One entry for each resource, in their order. Throws only where nobody could be asked at all. */
export async function alterConfigurations(
  client: Client,
  { resources, changes, validateOnly }: Alteration,
  options: AlterOptions,
): Promise<readonly AlteredConfiguration[]> {
  const problems = new Map<ConfigurationResource, Problem | null>()
  for (const [target, share] of byTarget(resources))
    for (const [resource, problem] of await alterAt(client, target, {
      resources: share,
      changes,
      validateOnly,
    }))
      problems.set(resource, problem)
  const made = validateOnly ? [] : resources.filter(each => problems.get(each) === null)
  const found = await readBack(client, made, changes, options)
  return resources.map(resource => {
    const problem = problems.get(resource) ?? null
    return {
      resource,
      problem,
      problemName: problem === null ? null : namedIn(problem, changes),
      readBack: found.get(resource) ?? null,
    }
  })
}

/** A broker's own configurations are judged by that broker, all others by the controller. */
function byTarget(
  resources: readonly ConfigurationResource[],
): readonly (readonly [Target, readonly ConfigurationResource[]])[] {
  const own = resources.filter(({ type }) => type !== 'broker')
  const ofBrokers = resources.flatMap(resource =>
    resource.type === 'broker'
      ? [[{ type: 'broker', brokerId: resource.brokerId } as const, [resource]] as const]
      : [],
  )
  return [
    ...(own.length > 0 ? [[{ type: 'controller' } as const, own] as const] : []),
    ...ofBrokers,
  ]
}

async function alterAt(
  client: Client,
  target: Target,
  { resources, changes, validateOnly }: Alteration,
): Promise<readonly (readonly [ConfigurationResource, Problem | null])[]> {
  const configs = changes.map(({ name, operation, value }) => ({
    name,
    configOperation: operations[operation],
    value: operation === 'reset' ? null : (value ?? ''),
  }))
  try {
    const { responses } = await client.request(target, api, {
      resources: resources.map(resource => ({ ...wireName(resource), configs })),
      validateOnly,
    })
    return resources.map(resource => {
      const { resourceType, resourceName } = wireName(resource)
      const answer = responses.find(
        each => each.resourceType === resourceType && each.resourceName === resourceName,
      )
      return [
        resource,
        // Whose configuration it is was said by who asked.
        codeProblem(answer?.errorCode ?? -1, '', answer?.errorMessage),
      ]
    })
  } catch (error) {
    // Waiting for several brokers: one that does not answer does not hide what others answered.
    const problem = problemOf(error)
    return resources.map(resource => [resource, problem])
  }
}

function wireName(resource: ConfigurationResource): {
  readonly resourceType: number
  readonly resourceName: string
} {
  switch (resource.type) {
    case 'topic':
      return { resourceType: TOPIC, resourceName: resource.name }
    case 'broker':
      return { resourceType: BROKER, resourceName: String(resource.brokerId) }
    case 'brokers':
      return { resourceType: BROKER, resourceName: '' }
  }
}

/** Kafka says in words which configuration it refuses; the longest name that stands there is it. */
function namedIn({ message }: Problem, changes: readonly ConfigurationChange[]): string | null {
  if (changes.length === 1) return changes[0]!.name
  const named = changes.filter(({ name }) => message.includes(name))
  return named.sort((a, b) => b.name.length - a.name.length)[0]?.name ?? null
}

type Found = ReadonlyMap<ConfigurationResource, readonly ConfigurationEntry[]>

/** Asks until the answer is what was asked for; what cannot be read back is left out. */
async function readBack(
  client: Client,
  resources: readonly ConfigurationResource[],
  changes: readonly ConfigurationChange[],
  { ownEngine, wait, signal }: AlterOptions,
): Promise<Found> {
  const names = changes.map(({ name }) => name)
  const found = new Map<ConfigurationResource, readonly ConfigurationEntry[]>()
  let left = resources
  for (let attempt = 1; left.length > 0; attempt++) {
    try {
      for (const [resource, entries] of await describeAll(client, left, names, ownEngine))
        found.set(resource, entries)
    } catch (error) {
      // The changes are made; that a broker does not tell them now does not undo them.
      if (problemOf(error).code === 'INTERNAL') throw error
    }
    left = left.filter(resource => {
      const entries = found.get(resource) ?? []
      return entries.length === 0 || !changes.every(change => isMade(change, resource, entries))
    })
    if (attempt >= READ_BACK_TRIES || signal.aborted) break
    if (left.length > 0) await wait(READ_BACK_PAUSE_MS, signal)
  }
  return found
}

async function describeAll(
  client: Client,
  resources: readonly ConfigurationResource[],
  names: readonly string[],
  ownEngine: boolean,
): Promise<Found> {
  const found = new Map<ConfigurationResource, readonly ConfigurationEntry[]>()
  const topics = resources.flatMap(resource => (resource.type === 'topic' ? [resource.name] : []))
  const ofTopics =
    topics.length === 0
      ? new Map<string, readonly ConfigurationEntry[]>()
      : await someOfTopics(client, { topics, names }, ownEngine)
  for (const resource of resources) {
    const entries =
      resource.type === 'topic'
        ? ofTopics.get(resource.name)
        : await describeConfigurations(client, resource, ownEngine)
    if (entries !== undefined)
      found.set(
        resource,
        entries.filter(({ name }) => names.includes(name)),
      )
  }
  return found
}

function isMade(
  { name, operation, value }: ConfigurationChange,
  resource: ConfigurationResource,
  entries: readonly ConfigurationEntry[],
): boolean {
  const entry = entries.find(each => each.name === name)
  // What is not listed or not shown cannot be compared.
  if (entry === undefined || entry.sensitive) return true
  const elements = entry.value?.split(',') ?? []
  switch (operation) {
    case 'set':
      return entry.source === ownSource(resource) && isSame(entry, value ?? '')
    case 'reset':
      return entry.source !== ownSource(resource)
    case 'append':
      return (value ?? '').split(',').every(element => elements.includes(element.trim()))
    case 'subtract':
      return !(value ?? '').split(',').some(element => elements.includes(element.trim()))
  }
}

/** Brokers tell a value without the spaces and repetitions that it was given with. */
function isSame({ type, value }: ConfigurationEntry, given: string): boolean {
  if (value === given || value === given.trim()) return true
  if (type === 'double') return Number(value) === Number(given)
  const elements = new Set(given.split(',').map(element => element.trim()))
  return type === 'list' && value === [...elements].join(',')
}

function ownSource({ type }: ConfigurationResource): ConfigurationEntry['source'] {
  if (type === 'topic') return 'dynamic-topic'
  return type === 'broker' ? 'dynamic-broker' : 'dynamic-default-broker'
}
