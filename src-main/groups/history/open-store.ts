/**
 * Opens the database of the groups' past. A file that is damaged or somebody else's is set aside,
 * one of a newer version is left alone, and where there is no `node:sqlite` memory serves: each
 * with a sentence that says so.
 */
import { existsSync, renameSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { GuardedStore } from './guarded-store.ts'
import type { HistoryStore } from './history-store.ts'
import { MemoryStore } from './memory-store.ts'
import { numberOf, SqliteStore } from './sqlite-store.ts'

const SCHEMA_VERSION = 1
/** "Odrk": says whose file it is. */
const APPLICATION_ID = 0x4f64_726b
const SIZE_MAX_BYTES = 256 * 1024 * 1024

type Sqlite = typeof import('node:sqlite')

export interface OpenStoreOptions {
  readonly path: string
  readonly sizeMaxBytes?: number
}

/** The database at that path, or memory with the reason in its note. */
export async function openHistoryStore(options: OpenStoreOptions): Promise<HistoryStore> {
  const sqlite = await import('node:sqlite').catch(() => null)
  if (sqlite === null)
    return new MemoryStore(
      `This runtime (Node ${process.versions.node}) has no node:sqlite, which is there from 22.5 on.`,
    )
  return openOrSetAside(sqlite, options)
}

function openOrSetAside(sqlite: Sqlite, options: OpenStoreOptions): HistoryStore {
  try {
    return guarded(sqlite, options, null)
  } catch (error) {
    // Waiting for a file that is damaged or somebody else's, and for a folder that takes none.
    if (error instanceof NewerVersion) return new MemoryStore(error.message)
    if (!isDamage(error)) return new MemoryStore(`${options.path}: ${messageOf(error)}`)
    return beginAnew(sqlite, options, error)
  }
}

/** Sets the damaged file aside; memory serves where no other can be made. */
function beginAnew(sqlite: Sqlite, options: OpenStoreOptions, damage: unknown): HistoryStore {
  const { path } = options
  try {
    const aside = setAside(path, Date.now())
    const note = `The history was damaged (${messageOf(damage)}) and begins anew. The old file is ${aside}.`
    return guarded(sqlite, options, note)
  } catch (error) {
    // The folder takes no file, or does not let go of one.
    return new MemoryStore(`${path}: ${messageOf(error)}`)
  }
}

function guarded(sqlite: Sqlite, options: OpenStoreOptions, note: string | null): HistoryStore {
  const { path, sizeMaxBytes = SIZE_MAX_BYTES } = options
  const database = openDatabase(sqlite, path, sizeMaxBytes)
  const store = new SqliteStore(database, { sizeMaxBytes, note })
  return new GuardedStore({
    store,
    isDamage,
    replace(damage) {
      store.close()
      return beginAnew(sqlite, options, damage)
    },
  })
}

class NewerVersion extends Error {}

function openDatabase(sqlite: Sqlite, path: string, sizeMaxBytes: number): DatabaseSync {
  const database = new sqlite.DatabaseSync(path)
  try {
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY',
    )
    const version = numberOf(database, 'PRAGMA user_version')
    if (version > SCHEMA_VERSION)
      throw new NewerVersion(
        `${path} was written by a newer Odradek (version ${version} of its form) and is left alone.`,
      )
    const owner = numberOf(database, 'PRAGMA application_id')
    if (version > 0 && owner !== APPLICATION_ID) throw damaged('it is not a history of ours')
    const check = database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string }
    if (check.quick_check !== 'ok') throw damaged(String(check.quick_check))
    if (version === 0) database.exec(schema)
    // Over the bound the oldest goes; this is for the moment before it has gone.
    const pageBytes = numberOf(database, 'PRAGMA page_size')
    database.exec(`PRAGMA max_page_count = ${Math.ceil((sizeMaxBytes * 1.25) / pageBytes)}`)
    return database
  } catch (error) {
    // Rethrown: the file is let go of, so that it can be moved.
    database.close()
    throw error
  }
}

const schema = `
  BEGIN;
  CREATE TABLE series (
    id INTEGER PRIMARY KEY, cluster TEXT NOT NULL, grp TEXT NOT NULL, topic TEXT NOT NULL,
    UNIQUE (cluster, grp, topic)
  );
  CREATE TABLE slabs (
    name TEXT PRIMARY KEY, tier INTEGER NOT NULL, from_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE spans (
    cluster TEXT NOT NULL, from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL,
    PRIMARY KEY (cluster, from_ms)
  ) WITHOUT ROWID;
  CREATE TABLE rebalances (
    id INTEGER PRIMARY KEY, cluster TEXT NOT NULL, grp TEXT NOT NULL,
    started_ms INTEGER NOT NULL, generation INTEGER NOT NULL, body TEXT NOT NULL,
    UNIQUE (cluster, grp, started_ms, generation)
  );
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
  COMMIT;
`

/** SQLITE_CORRUPT and SQLITE_NOTADB, and what we found ourselves. */
export function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: unknown }).errcode
  return code === 11 || code === 26
}

function damaged(message: string): Error {
  return Object.assign(new Error(message), { errcode: 11 })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Gives the file another name, which it returns. */
function setAside(path: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(':', '-')
  const aside = `${path}.damaged-${stamp}`
  if (existsSync(path)) renameSync(path, aside)
  for (const companion of [`${path}-wal`, `${path}-shm`]) rmSync(companion, { force: true })
  return aside
}
