/**
 * `npm run bench:kafka`: Apache Kafka and Odradek side by side in one run, alternating, warm with
 * warm, each measurement on a new topic and so on new segment files. Figures only, as a markdown
 * table; nothing is judged. Odradek is built and run as users run it.
 *
 * Options: --contestants apache,odradek · --rounds N · --only cold,load,latency,java ·
 * --scale F (of the record counts) · --brokers N (for the load) · --factor N (replicas of its
 * topics, all but one of which must have a record to acknowledge it).
 */
import { parseArgs } from 'node:util'
import { startCluster } from '../interop/cluster-under-test.ts'
import type { ClusterKind, RunningCluster } from '../interop/running-cluster.ts'
import { java } from '../interop/setup/java.ts'
import { measureBuilt } from './built-application.ts'
import { coldStart } from './cold-start.ts'
import { loadGenerator } from './load-generator.ts'
import { javaConsume, javaProduce, latencyAt, loadAt, type Contestant } from './measures.ts'
import { residentMegabytes } from './process-figures.ts'
import { Results } from './results.ts'

const { values } = parseArgs({
  options: {
    contestants: { type: 'string', default: 'apache,odradek' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'cold,load,latency,java' },
    scale: { type: 'string', default: '1' },
    brokers: { type: 'string', default: '1' },
    factor: { type: 'string', default: '1' },
  },
})
const parts = new Set(values.only.split(','))
const rounds = Number(values.rounds)
const scale = Number(values.scale)
const factor = Number(values.factor)
const kinds = values.contestants.split(',').map(kind => kind.trim() as ClusterKind)
const names = kinds.map((kind, n) => {
  const title = kind === 'apache' ? 'Apache Kafka' : 'Odradek'
  return kinds.indexOf(kind) === kinds.lastIndexOf(kind) ? title : `${title} ${n + 1}`
})
const results = new Results(names)

if (kinds.includes('apache') && (await java.find()) === null) await java.install()
if (kinds.includes('odradek')) await measureBuilt()
await loadGenerator()
if (parts.has('cold')) await measureColdStarts()
if (parts.has('load') || parts.has('latency') || parts.has('java')) await measureLoad()
console.log(results.markdown())

async function measureColdStarts(): Promise<void> {
  for (const brokers of [1, 3])
    for (let round = 0; round < rounds; round++)
      for (const [n, kind] of kinds.entries()) {
        const { startMs, megabytes } = await coldStart(kind, brokers)
        const what = brokers === 1 ? '1 broker' : `${brokers} brokers`
        results.add(`${what}: cold start to first acknowledged record`, 'ms', n, startMs)
        process.stderr.write(`cold start of ${names[n]}, ${what}: ${startMs.toFixed(0)} ms\n`)
        if (megabytes !== null) results.add(`${what}: memory after start`, 'MB', n, megabytes)
      }
}

async function measureLoad(): Promise<void> {
  const clusters: RunningCluster[] = []
  try {
    for (const kind of kinds)
      clusters.push(await startCluster(kind, { brokers: Number(values.brokers) }))
    const contestants = clusters.map((cluster, index): Contestant => ({ cluster, index, factor }))
    await eachRound(contestants, async contestant => {
      if (parts.has('load')) await loads(contestant)
      if (parts.has('latency')) await latencies(contestant)
      if (parts.has('java')) await javaTools(contestant)
    })
    for (const { cluster, index } of contestants) {
      const megabytes = residentMegabytes(cluster.processIds)
      if (megabytes !== null) results.add('memory after the load', 'MB', index, megabytes)
    }
  } finally {
    for (const cluster of clusters) await cluster.stop()
  }
}

/** One warm-up whose figures are dropped, then the rounds; the first to run changes each time. */
async function eachRound(
  contestants: readonly Contestant[],
  run: (contestant: Contestant) => Promise<void>,
): Promise<void> {
  for (let round = 0; round <= rounds; round++) {
    results.recording = round > 0
    const order = round % 2 === 0 ? contestants : [...contestants].reverse()
    for (const contestant of order) await run(contestant)
    process.stderr.write(round === 0 ? 'warm\n' : `round ${round} of ${rounds}\n`)
  }
}

async function loads(contestant: Contestant): Promise<void> {
  await loadAt(contestant, results, { size: 100, count: Math.round(3_000_000 * scale) })
  await loadAt(contestant, results, { size: 1_000, count: Math.round(400_000 * scale) })
}

async function latencies(contestant: Contestant): Promise<void> {
  // Apache Kafka with three replicas falls behind between the last two.
  const rates = factor === 1 ? [2_000, 20_000] : [2_000, 5_000, 20_000]
  for (const rate of rates) await latencyAt(contestant, results, { rate, seconds: 4 })
}

async function javaTools(contestant: Contestant): Promise<void> {
  for (const [size, count] of [
    [100, 1_500_000],
    [1_000, 250_000],
  ] as const) {
    const topic = await javaProduce(contestant, results, { size, count: Math.round(count * scale) })
    await javaConsume(contestant, results, { topic, size, count: Math.round(count * scale) })
  }
}
