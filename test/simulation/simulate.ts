/**
 * The simulator's command: `--seed N` repeats one world, `--seeds K` runs K new ones, `--minutes M`
 * runs new ones for so long, `--kept` those of seeds.txt. Ends with 1 when a world fails, and says how
 * to repeat it. `--planted [NAME…]` puts known bugs into the engine, one at a time, and says how many
 * worlds it took to find each; ends with 1 when one is not found.
 */
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findPlanted } from './planted/find-planted.ts'
import { plantedBugs } from './planted/planted-bugs.ts'
import { runSeed, type SeedResult } from './run-seed.ts'

const PLANTED_WORLDS_MAX = 300
const SEED_BELOW = 1_000_000_000
const LOG_LINES_SHOWN = 40

const { values: asked, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    minutes: { type: 'string' },
    kept: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    /** Runs each world twice and compares what happened. */
    twice: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
    /** New seeds are this one and those after it. */
    from: { type: 'string' },
  },
})

const startedMs = performance.now()
const totals = { seeds: 0, events: 0, virtualMs: 0, acknowledged: 0 }

if (asked.planted) process.exit(await searchPlanted())

for (const seed of seedsToRun()) {
  const result = await runUntraced(seed)
  if (result.error !== null) fail(result)
  if (asked.twice) {
    const again = await runUntraced(seed)
    if (again.traceHash !== result.traceHash)
      fail({ ...result, error: new Error(`trace ${result.traceHash}, then ${again.traceHash}`) })
  }
  totals.seeds++
  totals.events += result.events
  totals.virtualMs += result.virtualMs
  totals.acknowledged += result.acknowledged
  if (asked.seed !== undefined) say(`trace ${result.traceHash}`)
}
say(
  `${totals.seeds} worlds held: ${totals.events} events, ` +
    `${Math.round(totals.virtualMs / 1000)} s of virtual time, ` +
    `${totals.acknowledged} acknowledged records, ` +
    `in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
)

/** Refusals are everyday matters, and their stacks cost time: a world that fails runs again with them. */
async function runUntraced(seed: string): Promise<SeedResult> {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const result = await runSeed(seed, { verbose: asked.verbose })
  Error.stackTraceLimit = stackTraceLimit
  return result.error === null ? result : runSeed(seed)
}

async function searchPlanted(): Promise<number> {
  const unknown = names.filter(name => plantedBugs.every(bug => bug.name !== name))
  if (unknown.length > 0) say(`no such bug: ${unknown.join(', ')}`)
  const chosen = plantedBugs.filter(({ name }) => names.length === 0 || names.includes(name))
  const from = asked.from === undefined ? randomInt(SEED_BELOW) : Number(asked.from)
  const seeds = Number(asked.seeds ?? PLANTED_WORLDS_MAX)
  let missed = unknown.length
  for (const bug of chosen) {
    const search = await findPlanted(bug, { from, seeds })
    if (search.type === 'found')
      say(`${bug.name}: found in world ${search.worlds}, seed ${search.seed}: ${search.how}`)
    else {
      missed++
      say(`${bug.name}: not found in ${search.worlds} worlds from seed ${from} on`)
    }
  }
  return missed > 0 ? 1 : 0
}

function* seedsToRun(): Generator<string> {
  if (asked.kept) yield* keptSeeds()
  if (asked.seed !== undefined) yield asked.seed
  const first = asked.from === undefined ? randomInt(SEED_BELOW) : Number(asked.from)
  const isOpen = asked.seed === undefined && asked.minutes === undefined && !asked.kept
  const count = Number(asked.seeds ?? (isOpen ? 50 : 0))
  if (count > 0) say(`seeds ${first} to ${first + count - 1}`)
  for (let number = 0; number < count; number++) yield String(first + number)
  const endMs = startedMs + Number(asked.minutes ?? 0) * 60_000
  for (let number = first; performance.now() < endMs; number++) yield String(number)
}

function keptSeeds(): string[] {
  const text = readFileSync(new URL('./seeds.txt', import.meta.url), 'utf8')
  return text
    .split('\n')
    .map(line => line.replace(/#.*/, '').trim())
    .filter(line => line !== '')
}

function fail({ seed, error, log, virtualMs }: SeedResult): never {
  for (const line of log.slice(-LOG_LINES_SHOWN)) say(line)
  say(
    `seed ${seed} fails after ${Math.round(virtualMs)} ms, world ${totals.seeds + 1} of this run:`,
  )
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  say(`repeat it: npm run simulate -- --seed ${seed}`)
  process.exit(1)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
