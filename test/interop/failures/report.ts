/**
 * `npm run report:failures`: {leader, follower, controller} × {clean stop, kill, pause, restart} ×
 * {acks 1, all}, under load, of Odradek and of Apache Kafka. Writes artifacts/failures.md; judges
 * nothing.
 *
 * Then two brokers of three are killed. Options: --clusters odradek,apache · --only TEXT (cells whose
 * name holds it; `two killed`).
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkoutFolder } from '../setup/cache.ts'
import { java } from '../setup/java.ts'
import { python } from '../setup/python.ts'
import { startFailingApacheKafka } from './failing-apache-kafka.ts'
import type { FailingCluster, Fault } from './failing-cluster.ts'
import { startFailingOdradek } from './failing-odradek.ts'
import {
  killTwo,
  runCell,
  type Cell,
  type CellResult,
  type Target,
  type TwoKilled,
} from './failure-cell.ts'
import { failureTable } from './failure-table.ts'
import type { Acks } from './writers.ts'

const targets: readonly Target[] = ['leader', 'follower', 'controller']
const faults: readonly Fault[] = ['clean stop', 'kill', 'pause', 'restart']
const allAcks: readonly Acks[] = ['1', 'all']
const starts: Readonly<Record<string, () => Promise<FailingCluster>>> = {
  odradek: startFailingOdradek,
  apache: startFailingApacheKafka,
}

const { values } = parseArgs({
  options: {
    clusters: { type: 'string', default: 'apache,odradek' },
    only: { type: 'string', default: '' },
  },
})
const names = values.clusters.split(',')
const cells = targets
  .flatMap(target =>
    faults.flatMap(fault => allAcks.map((acks): Cell => ({ target, fault, acks }))),
  )
  .filter(cell => nameOf(cell).includes(values.only))

for (const client of [java, python]) if ((await client.find()) === null) await client.install()
const results = new Map<string, ReadonlyMap<Cell, CellResult>>()
const twoKilled: (TwoKilled & { readonly name: string; readonly left: string })[] = []
for (const name of names) results.set(name, await measure(name))
const rows = cells.map(cell => ({
  cell,
  results: names.map(name => results.get(name)?.get(cell) ?? null),
}))
const sentences = twoKilled.map(
  ({ name, left, errors, acknowledged, recovered }) =>
    `- ${name}, the ${left} is left of three (acks=all, min ISR 2, no retries): ` +
    `${errors.join(', ') || 'no error'}, ${acknowledged} acknowledged; ` +
    (recovered ? 'written to again afterwards' : 'NOT in sync afterwards'),
)
const table = [failureTable(names, rows), '', ...sentences].join('\n')
const folder = join(checkoutFolder, 'artifacts')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'failures.md'), `${table}\n`)
process.stdout.write(`${table}\n`)

async function measure(name: string): Promise<ReadonlyMap<Cell, CellResult>> {
  const start = starts[name]
  if (start === undefined)
    throw new Error(`${name}: clusters are ${Object.keys(starts).join(', ')}`)
  const cluster = await start()
  const measured = new Map<Cell, CellResult>()
  try {
    for (const cell of cells) {
      const result = await runCell(cluster, cell)
      measured.set(cell, result)
      const { acknowledged, lost, duplicated, withoutLeaderMs } = result
      process.stderr.write(
        `${name}: ${nameOf(cell)}: ${acknowledged} acknowledged, ${lost} lost, ` +
          `${duplicated} twice, ${(withoutLeaderMs / 1_000).toFixed(2)} s without a leader\n`,
      )
    }
    if ('two killed'.includes(values.only))
      for (const left of ['leader', 'follower'] as const)
        twoKilled.push({ name, left, ...(await killTwo(cluster, left)) })
  } catch (error) {
    process.stderr.write(`${cluster.words()}\n`)
    throw error
  } finally {
    await cluster.stop()
  }
  return measured
}

function nameOf({ target, fault, acks }: Cell): string {
  return `${target}: ${fault}, acks=${acks}`
}
