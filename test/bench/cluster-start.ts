/**
 * How long a cluster takes to be ready, from the call of startCluster() to its answer, in a process of
 * its own each time: in a temporary folder, in a new one that is kept, and in one that is found again.
 * CPU time is that of all threads, which says more than the clock on a busy machine. The bundle is
 * measured; build it first. Several folders are measured in turn, round by round.
 *
 *     node test/bench/cluster-start.ts [--rounds 10] [--brokers 3] [--controllers 3] [OUT …]
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import type * as StartCluster from '../../engine/cluster/start-cluster.ts'

interface Figures {
  readonly readyMs: number
  readonly cpuMs: number
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '10' },
    brokers: { type: 'string', default: '3' },
    controllers: { type: 'string', default: '3' },
    /** In the process that is measured: the bundle, and the folder or nothing. */
    once: { type: 'boolean', default: false },
  },
})
const brokers = Number(values.brokers)
const controllers = Number(values.controllers)

if (values.once) console.log(JSON.stringify(await startOnce(positionals[0]!, positionals[1])))
else await compare(positionals.length > 0 ? positionals : ['out'])

async function startOnce(bundle: string, dataDir: string | undefined): Promise<Figures> {
  const address = pathToFileURL(resolve(bundle, 'main', 'index.js')).href
  const { startCluster } = (await import(address)) as typeof StartCluster
  const ports = Array<number>(brokers).fill(0)
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  const cluster = await startCluster({ brokers, controllers, ports, dataDir })
  const readyMs = performance.now() - startMs
  const { user, system } = process.cpuUsage(cpuBefore)
  await cluster.stop()
  return { readyMs, cpuMs: (user + system) / 1_000 }
}

async function compare(bundles: readonly string[]): Promise<void> {
  const measured = new Map<string, Figures[]>()
  const note = (name: string, figures: Figures) =>
    measured.set(name, [...(measured.get(name) ?? []), figures])
  for (let round = 0; round < Number(values.rounds); round++)
    for (const bundle of bundles) {
      const folder = mkdtempSync(join(tmpdir(), 'odradek-start-'))
      note(`${bundle}, temporary folder`, await inProcess(bundle))
      note(`${bundle}, new folder`, await inProcess(bundle, folder))
      note(`${bundle}, existing folder`, await inProcess(bundle, folder))
      rmSync(folder, { recursive: true, force: true })
    }
  console.log('| start | ready, median | ready, least | CPU, median | CPU, least |')
  console.log('|---|---|---|---|---|')
  for (const [name, figures] of measured) {
    const ready = figures.map(({ readyMs }) => readyMs)
    const cpu = figures.map(({ cpuMs }) => cpuMs)
    const cells = [median(ready), Math.min(...ready), median(cpu), Math.min(...cpu)]
    console.log(`| ${name} | ${cells.map(ms => `${Math.round(ms)} ms`).join(' | ')} |`)
  }
}

async function inProcess(bundle: string, dataDir?: string): Promise<Figures> {
  const args = ['--once', '--brokers', String(brokers), '--controllers', String(controllers)]
  const all = [fileURLToPath(import.meta.url), ...args, bundle, ...(dataDir ? [dataDir] : [])]
  const { stdout } = await promisify(execFile)(process.execPath, all)
  return JSON.parse(stdout) as Figures
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
