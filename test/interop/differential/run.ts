/**
 * `npm run test:differential`: the same requests to a real Apache Kafka and to ours, and every field
 * in which the answers differ, explained or not. Ends with 1 when one is not explained.
 *
 * Options: --filter TEXT (of the case's name) · --verbose (explained differences too) · --replicas
 * (three brokers each, and the cases that need them) · --quorum (what a controller is asked).
 */
import { parseArgs } from 'node:util'
import {
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../../engine/protocol/messages/api-versions.ts'
import { startCluster } from '../cluster-under-test.ts'
import { startApacheQuorum } from '../quorum/apache-quorum.ts'
import { startOdradekQuorum } from '../quorum/odradek-quorum.ts'
import { java } from '../setup/java.ts'
import { Context, requestCase, type Case } from './cases.ts'
import { differencesOf, fieldsOf } from './compare.ts'
import { explain, type Difference } from './explained.ts'
import { groupCases } from './group-cases.ts'
import { QUORUM_VOTER_ID, quorumCases } from './quorum-cases.ts'
import { replicaCases } from './replica-cases.ts'
import { cases as topicCases } from './topic-cases.ts'
import { threeBrokerCases } from './three-broker-cases.ts'
import { answerOf, exchange, frameOf } from './wire.ts'

const { values } = parseArgs({
  options: {
    filter: { type: 'string' },
    verbose: { type: 'boolean' },
    replicas: { type: 'boolean', default: false },
    quorum: { type: 'boolean', default: false },
  },
})
const apiVersions = requestCase('ApiVersions', {
  request: apiVersionsRequest,
  response: apiVersionsResponse,
  body: () => ({ clientSoftwareName: 'differential', clientSoftwareVersion: '1' }),
})

if ((await java.find()) === null) await java.install()
const configs = { 'auto.create.topics.enable': 'false' }
const brokers = values.replicas ? 3 : 1
const ofBrokers = values.replicas
  ? threeBrokerCases
  : [...topicCases, ...replicaCases, ...groupCases]
const cases = values.quorum ? quorumCases : ofBrokers
const clusters = await (values.quorum ? startQuorums() : startClusters())
const targets = clusters.map(({ address }) => ({ address, context: new Context() }))
let unexplained = 0
let sent = 0
const counts = new Map<string, number>()
try {
  if (!values.replicas && !values.quorum) await coordinatorsAreThere()
  const served = await servedVersions()
  for (const each of [apiVersions, ...cases])
    for (const version of each.versions) {
      const [first, last] = served.get(each.request.apiKey!) ?? [1, 0]
      if (version >= first && version <= last) await compare(each, version)
    }
} finally {
  await Promise.all(clusters.map(cluster => cluster.stop()))
}
report()

interface Started {
  readonly address: string
  stop(): Promise<void>
}

async function startClusters(): Promise<readonly Started[]> {
  const both = await Promise.all([
    startCluster('apache', { brokers, configs }),
    startCluster('odradek', { brokers, configs }),
  ])
  return both.map(cluster => ({
    address: cluster.bootstrap.split(',')[0]!,
    stop: () => cluster.stop(),
  }))
}

async function startQuorums(): Promise<readonly Started[]> {
  const options = { voterIds: [QUORUM_VOTER_ID] }
  const both = await Promise.all([startApacheQuorum(options), startOdradekQuorum(options)])
  return both.map(quorum => ({
    address: quorum.controllerAddress(QUORUM_VOTER_ID),
    stop: () => quorum.stop(),
  }))
}

async function compare(each: Case, version: number): Promise<void> {
  const answers: Map<string, string>[] = []
  sent++
  for (const target of targets) answers.push(await answer(each, version, target))
  const where = `${each.name} v${version}`
  if (values.filter !== undefined && !where.includes(values.filter)) return
  const [apache, odradek] = answers as [Map<string, string>, Map<string, string>]
  for (const difference of differencesOf(apache, odradek)) note({ where, ...difference })
}

async function answer(
  each: Case,
  version: number,
  { address, context }: { address: string; context: Context },
): Promise<Map<string, string>> {
  const reply = await exchange(address, frameOf(each.request, version, each.body(version, context)))
  if (reply.type !== 'answer') return new Map([['reply', reply.type]])
  try {
    const value = answerOf(each.response, version, reply.frame)
    each.after(value, context)
    return fieldsOf(value)
  } catch (error) {
    // An answer that is none is a difference like any other, not the end of the run.
    return new Map([['reply', `unreadable: ${(error as Error).message}`]])
  }
}

function note(difference: Difference): void {
  const reason = explain(difference)
  if (reason === null) unexplained++
  else counts.set(reason, (counts.get(reason) ?? 0) + 1)
  if (reason !== null && !values.verbose) return
  const { where, field, apache, odradek } = difference
  console.log(`${where}  ${field}: Apache Kafka ${shown(apache)}, Odradek ${shown(odradek)}`)
  if (reason !== null) console.log(`    explained: ${reason}`)
}

function report(): void {
  console.log(`\n${sent} requests, ${unexplained} differences without an explanation`)
  for (const [reason, count] of counts) console.log(`  ${count} explained: ${reason}`)
  if (unexplained > 0) process.exitCode = 1
}

/** The versions that both serve. */
async function servedVersions(): Promise<Map<number, [number, number]>> {
  const served: Map<number, [number, number]>[] = []
  for (const { address, context } of targets) {
    const reply = await exchange(
      address,
      frameOf(apiVersionsRequest, 3, apiVersions.body(3, context)),
    )
    if (reply.type !== 'answer') throw new Error(`${address} does not answer ApiVersions`)
    const { apiKeys } = answerOf(apiVersionsResponse, 3, reply.frame) as {
      apiKeys: { apiKey: number; minVersion: number; maxVersion: number }[]
    }
    served.push(new Map(apiKeys.map(key => [key.apiKey, [key.minVersion, key.maxVersion]])))
  }
  const [apache, odradek] = served as [Map<number, [number, number]>, Map<number, [number, number]>]
  return new Map(
    [...apache].flatMap(([key, [first, last]]) => {
      const ours = odradek.get(key)
      if (ours === undefined) return []
      return [[key, [Math.max(first, ours[0]), Math.min(last, ours[1])] as [number, number]]]
    }),
  )
}

/**
 * The first request for a coordinator creates its topic, and the first for a producer id fetches a
 * block of them: both shall have them before they are compared.
 */
async function coordinatorsAreThere(): Promise<void> {
  const all = [...topicCases, ...groupCases]
  const first = (name: string) => all.find(each => each.name === name)!
  for (const each of [first('FindCoordinator: a group'), first('InitProducerId: idempotent')])
    for (const target of targets) await untilNoError(each, target)
}

async function untilNoError(each: Case, target: (typeof targets)[number]): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const fields = await answer(each, 4, target)
    if ([...fields].find(([name]) => name.endsWith('errorCode'))?.[1] === '0') return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

function shown(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 100)}… (${text.length} characters)`
}
