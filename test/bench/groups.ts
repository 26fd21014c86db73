/**
 * What very many groups cost: answers for pages, the delays they cause in the main thread, and the
 * looks in the background. One table of figures on standard output, and no judgement.
 *
 *     node test/bench/groups.ts [--groups 15000] [--watch-seconds 60]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCluster } from '../../engine/cluster/start-cluster.ts'
import { ClusterRegistry } from '../../src-main/clusters/cluster-registry.ts'
import { wait } from '../../src-main/clusters/wait.ts'
import type { EncodedValue } from '../../src-main/contract/define.ts'
import { decodeValue } from '../../src-main/contract/frame.ts'
import type { HistoryKeeping, LagHistory } from '../../src-main/contract/model/group.ts'
import { createApplicationServer } from '../../src-main/service/application-server.ts'
import { groupNames, groupTopics, makeGroups } from './group-data.ts'
import { clientOf } from './pages-data.ts'

const cluster = 'local'

const lines: string[] = []

function say(measure: string, figure: string): void {
  lines.push(`| ${measure} | ${figure} |`)
  process.stderr.write(`${measure}: ${figure}\n`)
}

const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: '15000' },
    'watch-seconds': { type: 'string', default: '60' },
  },
})
const groupCount = Number(values.groups)
const folder = mkdtempSync(join(tmpdir(), 'odradek-bench-'))
const brokers = await startCluster({ brokers: 3, dataDir: join(folder, 'cluster') })
const client = clientOf(brokers.bootstrap)
const groupIds = groupNames(groupCount)
const startMs = performance.now()
await makeGroups(client, groupIds)
say(`${groupCount} groups made`, `${((performance.now() - startMs) / 1_000).toFixed(1)} s`)

const clusters = new ClusterRegistry()
clusters.register(
  { id: cluster, name: cluster, kind: 'local', colour: '#2f7dd1', readOnly: false, client },
  { state: 'running', bootstrap: brokers.bootstrap, problem: null },
)
const historyPath = join(folder, 'group-history.db')
const server = createApplicationServer({
  clusters,
  sample: {
    status: () => ({ state: 'stopped', topics: [], groups: [], problem: null }),
    onChange: () => () => {},
  } as never,
  info: async () => ({}) as never,
  nowMs: Date.now,
  wait,
  historyPath,
  onMistake: problem => process.stderr.write(`${problem.message}\n${problem.details}\n`),
})
const { commands } = server.handlers
try {
  await measureAnswers()
  await measureBackground(Number(values['watch-seconds']))
} finally {
  await server.close()
  client.close()
  await brokers.stop()
  rmSync(folder, { recursive: true, force: true })
}
const load = loadavg()[0]!.toFixed(1)
process.stdout.write(`| measure (${cpus().length} cores, load ${load}) | figure |\n| --- | --- |\n`)
process.stdout.write(`${lines.join('\n')}\n`)

async function measureAnswers(): Promise<void> {
  const signal = new AbortController().signal
  const first = performance.now()
  await commands['group.list']({ cluster }, signal)
  say('list, the first time (thread, connections)', `${(performance.now() - first).toFixed(0)} ms`)
  await measured('list', 10, () => commands['group.list']({ cluster }, signal))
  const some = (count: number, run: number) => groupIds.slice(run * count, (run + 1) * count)
  await measured('figures of 40 groups', 10, run =>
    commands['group.figures']({ cluster, groupIds: some(40, run) }, signal),
  )
  await measured('figures of 200 groups', 10, run =>
    commands['group.figures']({ cluster, groupIds: some(200, run) }, signal),
  )
  await measured('groups of a topic (of 15,000: 300 in it)', 5, run =>
    commands['group.of-topic']({ cluster, topic: groupTopics[run]! }, signal),
  )
  await measured('one group', 10, run =>
    commands['group.describe']({ cluster, groupId: groupIds[run]! }, signal),
  )
}

/** Milliseconds until the answer is there, and the longest that the main thread was held. */
async function measured(
  name: string,
  times: number,
  ask: (run: number) => Promise<unknown>,
): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const took: number[] = []
  delay.enable()
  const before = process.threadCpuUsage()
  for (let run = 0; run < times; run++) {
    const startedMs = performance.now()
    await ask(run)
    took.push(performance.now() - startedMs)
    await sleep(20)
  }
  const { user, system } = process.threadCpuUsage(before)
  delay.disable()
  took.sort((a, b) => a - b)
  const middle = took[took.length >> 1]!.toFixed(0)
  // The sampling of delays has a resolution of its own.
  const longest = (delay.max / 1e6 - 1).toFixed(1)
  const each = ((user + system) / 1_000 / times).toFixed(1)
  const most = took.at(-1)!.toFixed(0)
  say(
    name,
    `${middle} ms (at most ${most}); main thread ${each} ms of a core each, held ${longest} ms at most`,
  )
}

async function keeping(): Promise<HistoryKeeping> {
  const answer = await commands['group.history'](
    { cluster, groupId: groupIds[0]!, topic: null, spanMs: 900_000, pointsMax: 100 },
    new AbortController().signal,
  )
  return decodeValue(answer as EncodedValue<LagHistory>).keeping
}

async function measureBackground(seconds: number): Promise<void> {
  for (let tries = 0; tries < 120 && (await keeping()).groupCount < groupCount; tries++)
    await sleep(500)
  const before = process.cpuUsage()
  const ownBefore = process.threadCpuUsage()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await sleep(seconds * 1_000)
  delay.disable()
  const { user, system } = process.cpuUsage(before)
  const own = process.threadCpuUsage(ownBefore)
  const { roundMs, intervalMs, sizeBytes } = await keeping()
  say('a look at all groups', `${roundMs} ms, every ${(intervalMs / 1_000).toFixed(1)} s`)
  const share = ((user + system) / 1e6 / seconds) * 100
  say('the whole process meanwhile, brokers and rates included', `${share.toFixed(1)} % of a core`)
  const ownShare = ((own.user + own.system) / 1e6 / seconds) * 100
  say('the main thread of that', `${ownShare.toFixed(1)} % of a core`)
  say('main thread held meanwhile', `${(delay.max / 1e6 - 1).toFixed(1)} ms at most`)
  const file = (statSync(historyPath).size / 1024).toFixed(0)
  say('history', `${(sizeBytes / 1024).toFixed(0)} KiB in use, file ${file} KiB`)
}
