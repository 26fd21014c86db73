/**
 * The past of groups in a database: `node:sqlite`, in the thread that calls it.
 *
 * Points stand in tables of their own for each span of time ("slabs"), so that forgetting is
 * dropping a table, which costs the same however much is in it.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Rebalance } from '../../contract/model/group.ts'
import type { RebalanceDraft } from '../rebalance-diary.ts'
import {
  REBALANCES_MAX,
  REBALANCES_PER_GROUP_MAX,
  type HistoryStore,
  type Keeping,
  type LagRow,
  type SeriesName,
} from './history-store.ts'
import { KEPT_MS, thinned, TIERS, type LagPoint, type WatchedSpan } from './points.ts'
import { readRebalance, writeRebalance } from './rebalance-text.ts'

/** Work between two turns of the thread's loop. */
const SERIES_PER_TURN = 500

interface Slab {
  readonly name: string
  readonly tier: number
  readonly fromMs: number
  readonly insert: StatementSync
  readonly range: StatementSync
  readonly before: StatementSync
}

interface PointRow {
  readonly at: number
  readonly lag: number
  readonly peak: number
  readonly wait: number | null
}

export class SqliteStore implements HistoryStore {
  readonly #database: DatabaseSync
  readonly #sizeMaxBytes: number
  readonly #note: string | null
  readonly #slabs = new Map<string, Slab>()
  readonly #seriesIds = new Map<string, number>()
  readonly #insertSeries: StatementSync
  readonly #putSpan: StatementSync
  readonly #putRebalance: StatementSync
  /** The slab that is being put together, and the next series of it. */
  #merging: { readonly slab: Slab; series: number } | null = null

  constructor(
    database: DatabaseSync,
    options: { readonly sizeMaxBytes: number; readonly note: string | null },
  ) {
    this.#database = database
    this.#sizeMaxBytes = options.sizeMaxBytes
    this.#note = options.note
    this.#insertSeries = database.prepare(
      'INSERT INTO series (cluster, grp, topic) VALUES (?, ?, ?) RETURNING id',
    )
    this.#putSpan = database.prepare(
      `INSERT INTO spans VALUES (?, ?, ?)
       ON CONFLICT (cluster, from_ms) DO UPDATE SET until_ms = excluded.until_ms`,
    )
    this.#putRebalance = database.prepare(
      `INSERT INTO rebalances (cluster, grp, started_ms, generation, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (cluster, grp, started_ms, generation) DO UPDATE SET body = excluded.body`,
    )
    for (const row of database.prepare('SELECT id, cluster, grp, topic FROM series').all()) {
      const { id, cluster, grp, topic } = row as Record<string, string> & { id: number }
      this.#seriesIds.set(seriesKey(cluster!, grp!, topic!), id)
    }
    for (const row of database.prepare('SELECT name, tier, from_ms FROM slabs').all()) {
      const { name, tier, from_ms } = row as { name: string; tier: number; from_ms: number }
      this.#slabs.set(name, this.#slabOf(name, tier, from_ms))
    }
  }

  append(atMs: number, rows: readonly LagRow[]): void {
    if (rows.length === 0) return
    this.#transaction(() => {
      const { insert } = this.#slabAt(0, atMs)
      for (const { cluster, groupId, topic, lag, lagTimeMs } of rows)
        insert.run(this.#seriesId({ cluster, groupId, topic }), atMs, lag, lag, lagTimeMs)
    })
  }

  watched(cluster: string, { fromMs, untilMs }: WatchedSpan): void {
    this.#putSpan.run(cluster, fromMs, untilMs)
  }

  points({ cluster, groupId, topic }: SeriesName, fromMs: number, untilMs: number): LagPoint[] {
    const id = this.#seriesIds.get(seriesKey(cluster, groupId, topic ?? ''))
    if (id === undefined) return []
    const slabs = [...this.#slabs.values()].sort((a, b) => a.fromMs - b.fromMs)
    const found = slabs.flatMap(slab =>
      endOf(slab) < fromMs || slab.fromMs > untilMs
        ? []
        : (slab.range.all(id, fromMs, untilMs) as unknown as PointRow[]),
    )
    // What stood at the beginning was written at most an hour before it.
    const earlier = slabs
      .filter(slab => slab.fromMs < fromMs)
      .flatMap(slab => (slab.before.get(id, fromMs) as PointRow | undefined) ?? [])
    const before = earlier.toSorted((a, b) => a.at - b.at).at(-1)
    const rows = found.toSorted((a, b) => a.at - b.at)
    return (before === undefined ? rows : [before, ...rows]).map(pointOf)
  }

  spans(cluster: string, fromMs: number): readonly WatchedSpan[] {
    const rows = this.#database
      .prepare(
        'SELECT from_ms, until_ms FROM spans WHERE cluster = ? AND until_ms >= ? ORDER BY from_ms',
      )
      .all(cluster, fromMs) as unknown as { from_ms: number; until_ms: number }[]
    return rows.map(({ from_ms, until_ms }) => ({ fromMs: from_ms, untilMs: until_ms }))
  }

  topics(cluster: string, groupId: string): readonly string[] {
    const rows = this.#database
      .prepare(`SELECT topic FROM series WHERE cluster = ? AND grp = ? AND topic <> '' ORDER BY 1`)
      .all(cluster, groupId) as unknown as { topic: string }[]
    return rows.map(({ topic }) => topic)
  }

  putRebalance(cluster: string, groupId: string, draft: RebalanceDraft): void {
    const generation = draft.generationId ?? -1
    const started = Number(draft.startedMs)
    this.#transaction(() => {
      this.#putRebalance.run(cluster, groupId, started, generation, writeRebalance(draft))
      this.#database
        .prepare(
          `DELETE FROM rebalances WHERE cluster = ? AND grp = ? AND started_ms < (
             SELECT started_ms FROM rebalances WHERE cluster = ? AND grp = ?
             ORDER BY started_ms DESC LIMIT 1 OFFSET ${REBALANCES_PER_GROUP_MAX - 1})`,
        )
        .run(cluster, groupId, cluster, groupId)
    })
  }

  rebalances(cluster: string, groupId: string, limit: number): readonly Rebalance[] {
    const rows = this.#database
      .prepare(
        `SELECT id, body FROM rebalances WHERE cluster = ? AND grp = ?
         ORDER BY started_ms DESC, generation DESC LIMIT ?`,
      )
      .all(cluster, groupId, limit) as unknown as { id: number; body: string }[]
    return rows.map(({ id, body }) => ({ ...readRebalance(body), id }))
  }

  tidy(nowMs: number): boolean {
    if (this.#merging !== null) return this.#mergeSome(this.#merging)
    const byAge = [...this.#slabs.values()].sort((a, b) => a.fromMs - b.fromMs)
    const [oldest] = byAge
    if (oldest !== undefined && byAge.length > 1 && this.#usedBytes() > this.#sizeMaxBytes) {
      this.#drop(oldest)
      return true
    }
    const due = byAge.find(slab => endOf(slab) < nowMs - TIERS[slab.tier]!.keptMs)
    if (due === undefined) {
      this.#forgetTheRest(nowMs)
      return false
    }
    if (due.tier === TIERS.length - 1) this.#drop(due)
    else this.#merging = { slab: due, series: 0 }
    return true
  }

  keeping(): Keeping {
    const { oldest } = this.#database.prepare('SELECT min(from_ms) AS oldest FROM spans').get() as {
      oldest: number | null
    }
    return {
      store: 'database',
      note: this.#note,
      sizeBytes: this.#usedBytes(),
      sizeMaxBytes: this.#sizeMaxBytes,
      oldestMs: oldest,
      keptMs: KEPT_MS,
    }
  }

  close(): void {
    this.#database.close()
  }

  /** Puts the points of some series together, into the next tier; drops the slab after the last. */
  #mergeSome(merging: { readonly slab: Slab; series: number }): boolean {
    const { slab, series } = merging
    const rows = this.#database
      .prepare(
        `SELECT series, at, lag, peak, wait FROM ${slab.name}
         WHERE series >= ? AND series < ? ORDER BY series, at`,
      )
      .all(series, series + SERIES_PER_TURN) as unknown as (PointRow & { series: number })[]
    const { stepMs } = TIERS[slab.tier + 1]!
    this.#transaction(() => {
      for (const [id, points] of Map.groupBy(rows, row => row.series))
        for (const { atMs, lag, peak, lagTimeMs } of thinned(points.map(pointOf), stepMs))
          this.#slabAt(slab.tier + 1, atMs).insert.run(id, atMs, lag, peak, lagTimeMs)
    })
    merging.series += SERIES_PER_TURN
    const { last } = this.#database
      .prepare(`SELECT max(series) AS last FROM ${slab.name}`)
      .get() as {
      last: number | null
    }
    if (merging.series <= (last ?? -1)) return true
    this.#merging = null
    this.#drop(slab)
    return true
  }

  #forgetTheRest(nowMs: number): void {
    const oldestMs = nowMs - KEPT_MS
    this.#database.prepare('DELETE FROM spans WHERE until_ms < ?').run(oldestMs)
    this.#database
      .prepare('DELETE FROM rebalances WHERE id <= (SELECT max(id) FROM rebalances) - ?')
      .run(REBALANCES_MAX)
  }

  #slabAt(tier: number, atMs: number): Slab {
    const { name: tierName, slabMs } = TIERS[tier]!
    const fromMs = Math.floor(atMs / slabMs) * slabMs
    const name = `points_${tierName}_${fromMs}`
    const known = this.#slabs.get(name)
    if (known !== undefined) return known
    this.#database.exec(
      `CREATE TABLE IF NOT EXISTS ${name} (
         series INTEGER NOT NULL, at INTEGER NOT NULL, lag INTEGER NOT NULL,
         peak INTEGER NOT NULL, wait INTEGER, PRIMARY KEY (series, at)) WITHOUT ROWID`,
    )
    this.#database.prepare('INSERT OR IGNORE INTO slabs VALUES (?, ?, ?)').run(name, tier, fromMs)
    const made = this.#slabOf(name, tier, fromMs)
    this.#slabs.set(name, made)
    return made
  }

  #slabOf(name: string, tier: number, fromMs: number): Slab {
    const columns = 'at, lag, peak, wait'
    const database = this.#database
    return {
      name,
      tier,
      fromMs,
      insert: database.prepare(`INSERT OR REPLACE INTO ${name} VALUES (?, ?, ?, ?, ?)`),
      range: database.prepare(
        `SELECT ${columns} FROM ${name} WHERE series = ? AND at >= ? AND at <= ? ORDER BY at`,
      ),
      before: database.prepare(
        `SELECT ${columns} FROM ${name} WHERE series = ? AND at < ? ORDER BY at DESC LIMIT 1`,
      ),
    }
  }

  #drop({ name }: Slab): void {
    this.#slabs.delete(name)
    this.#transaction(() => {
      this.#database.exec(`DROP TABLE IF EXISTS ${name}`)
      this.#database.prepare('DELETE FROM slabs WHERE name = ?').run(name)
    })
  }

  #seriesId({ cluster, groupId, topic }: SeriesName): number {
    const key = seriesKey(cluster, groupId, topic ?? '')
    const known = this.#seriesIds.get(key)
    if (known !== undefined) return known
    const { id } = this.#insertSeries.get(cluster, groupId, topic ?? '') as { id: number }
    this.#seriesIds.set(key, id)
    return id
  }

  #usedBytes(): number {
    const database = this.#database
    const pages =
      numberOf(database, 'PRAGMA page_count') - numberOf(database, 'PRAGMA freelist_count')
    return pages * numberOf(database, 'PRAGMA page_size')
  }

  #transaction(work: () => void): void {
    this.#database.exec('BEGIN')
    try {
      work()
      this.#database.exec('COMMIT')
    } catch (error) {
      // Rethrown: only nothing of a half-done change may stay.
      this.#database.exec('ROLLBACK')
      throw error
    }
  }
}

function endOf({ tier, fromMs }: Slab): number {
  return fromMs + TIERS[tier]!.slabMs
}

function pointOf({ at, lag, peak, wait }: PointRow): LagPoint {
  return { atMs: at, lag, peak, lagTimeMs: wait }
}

function seriesKey(cluster: string, groupId: string, topic: string): string {
  return `${cluster}\0${groupId}\0${topic}`
}

export function numberOf(database: DatabaseSync, pragma: string): number {
  const row = database.prepare(pragma).get() as Record<string, number> | undefined
  return Object.values(row ?? {})[0] ?? 0
}
