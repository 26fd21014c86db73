/**
 * What groups had committed before a change, kept to take it back: a JSON file for each, bounded in
 * number. Offsets are strings in there, since they outgrow what JSON numbers are read as.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ContractError } from '../contract/define.ts'
import type { OffsetSnapshotSummary, SnapshotReason } from '../contract/model/offset.ts'
import type { StoredOffset } from './plan.ts'

export interface SnapshotOffset extends StoredOffset {
  readonly topic: string
  readonly partition: number
}

export interface OffsetSnapshot {
  readonly id: string
  readonly cluster: string
  readonly groupId: string
  readonly takenAtMs: bigint
  readonly reason: SnapshotReason
  /** Everything that the group had committed. */
  readonly offsets: readonly SnapshotOffset[]
  /** The partitions that the change was about; without a commit before they are not in `offsets`. */
  readonly changed: readonly { readonly topic: string; readonly partition: number }[]
}

export type NewSnapshot = Omit<OffsetSnapshot, 'id'>

interface SnapshotPlace {
  readonly cluster: string
  readonly groupId: string
}

export interface SnapshotStore {
  /** Resolves once it is kept: nothing may be changed before. */
  keep(snapshot: NewSnapshot): Promise<OffsetSnapshot>
  /** Newest first. */
  list(place: SnapshotPlace): Promise<readonly OffsetSnapshotSummary[]>
  /** Throws a `ContractError` NOT_FOUND. */
  read(place: SnapshotPlace & { readonly id: string }): Promise<OffsetSnapshot>
}

export interface SnapshotBounds {
  readonly perGroup: number
  /** Of a cluster, all groups together. */
  readonly count: number
  readonly bytes: number
}

const BOUNDS: SnapshotBounds = { perGroup: 50, count: 5_000, bytes: 256 * 1024 * 1024 }
const TOPICS_SHOWN_MAX = 20
const SUFFIX = '.json'
const SUMMARY_SUFFIX = '.summary.json'

/** In files below this folder; without one there is nothing to read, and nothing may be changed. */
export function snapshotStore(folder: string | null): SnapshotStore {
  if (folder !== null) return snapshotFiles(folder)
  const refuse = () =>
    Promise.reject(
      new ContractError({
        code: 'UNSUPPORTED',
        message: 'there is no folder for snapshots, and offsets are not changed without one',
      }),
    )
  return { keep: refuse, list: async () => [], read: refuse }
}

/** In files below this folder. */
export function snapshotFiles(folder: string, bounds = BOUNDS): SnapshotStore {
  return new SnapshotFiles(folder, bounds)
}

class SnapshotFiles implements SnapshotStore {
  readonly #folder: string
  readonly #bounds: SnapshotBounds

  constructor(folder: string, bounds: SnapshotBounds) {
    this.#folder = folder
    this.#bounds = bounds
  }

  async keep(snapshot: NewSnapshot): Promise<OffsetSnapshot> {
    const groups = join(this.#folder, fileName(snapshot.cluster))
    const folder = this.#folderOf(snapshot)
    await mkdir(folder, { recursive: true })
    // Names sort by time: the moment comes first, in as many digits for centuries.
    const id = `${snapshot.takenAtMs}-${randomBytes(4).toString('hex')}`
    const kept = { ...snapshot, id }
    await writeWhole(join(folder, id + SUFFIX), asJson(kept))
    // The list reads these alone. Without its own a snapshot is not listed, so it comes second.
    await writeWhole(join(folder, id + SUMMARY_SUFFIX), asJson(summaryOf(kept)))
    await forgetOldest(groups, id, this.#bounds)
    return kept
  }

  async list(place: SnapshotPlace): Promise<readonly OffsetSnapshotSummary[]> {
    const folder = this.#folderOf(place)
    const ids = await idsIn(folder)
    const summaries = await Promise.all(
      // One that was removed meanwhile, or that someone wrote over, is no reason to show none.
      ids.map(id => readSummary(join(folder, id + SUMMARY_SUFFIX)).catch(() => null)),
    )
    return summaries.flatMap(summary => summary ?? []).reverse()
  }

  async read({ id, ...place }: SnapshotPlace & { readonly id: string }): Promise<OffsetSnapshot> {
    const path = join(this.#folderOf(place), fileName(id) + SUFFIX)
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text !== null) return readSnapshot(text, path)
    throw noSnapshot(place.groupId, id)
  }

  #folderOf({ cluster, groupId }: SnapshotPlace): string {
    // Group ids may hold anything and be longer than a file's name: the file itself says whose it is.
    const group = createHash('sha256').update(groupId).digest('hex').slice(0, 32)
    return join(this.#folder, fileName(cluster), group)
  }
}

export function summaryOf(snapshot: OffsetSnapshot): OffsetSnapshotSummary {
  const { id, groupId, takenAtMs, reason, offsets, changed } = snapshot
  const topics = [...new Set(changed.map(({ topic }) => topic))]
  return {
    id,
    groupId,
    takenAtMs,
    reason,
    partitionCount: offsets.length,
    changedCount: changed.length,
    topics: topics.slice(0, TOPICS_SHOWN_MAX),
  }
}

/** For people, and for `offset.plan` as a file. */
export function asJson(value: OffsetSnapshot | OffsetSnapshotSummary): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part),
    2,
  )
}

/** Whole or not at all, whenever the power goes. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text)
  await rename(`${path}.part`, path)
}

async function readSummary(path: string): Promise<OffsetSnapshotSummary> {
  type Written = Omit<OffsetSnapshotSummary, 'takenAtMs'> & { readonly takenAtMs: string }
  const { takenAtMs, ...rest } = JSON.parse(await readFile(path, 'utf8')) as Written
  return { ...rest, takenAtMs: BigInt(takenAtMs) }
}

interface WrittenSnapshot extends Omit<OffsetSnapshot, 'takenAtMs' | 'offsets'> {
  readonly takenAtMs: string
  readonly offsets: readonly (Omit<SnapshotOffset, 'offset'> & { readonly offset: string })[]
}

function readSnapshot(text: string, path: string): OffsetSnapshot {
  try {
    const { takenAtMs, offsets, ...rest } = JSON.parse(text) as WrittenSnapshot
    return {
      ...rest,
      takenAtMs: BigInt(takenAtMs),
      offsets: offsets.map(each => ({ ...each, offset: BigInt(each.offset) })),
    }
  } catch (error) {
    // Waiting for a file that somebody wrote over: it is named, so that he can look at it.
    const why = error instanceof Error ? error.message : String(error)
    throw new ContractError({ code: 'CORRUPT_FILE', message: `${path} is no snapshot: ${why}` })
  }
}

async function idsIn(folder: string): Promise<string[]> {
  // No folder is what a group has that was never changed.
  const names = await readdir(folder).catch(() => [])
  return names
    .filter(name => name.endsWith(SUMMARY_SUFFIX))
    .map(name => name.slice(0, -SUMMARY_SUFFIX.length))
    .sort()
}

interface KeptFile {
  readonly folder: string
  readonly id: string
  readonly sizeBytes: number
}

/** Removes the oldest of a group, then the oldest of all, until every bound is kept. */
async function forgetOldest(root: string, latest: string, bounds: SnapshotBounds): Promise<void> {
  const groups = await Promise.all((await readdir(root)).map(name => filesIn(join(root, name))))
  const surplus = groups.flatMap(files => files.slice(0, -bounds.perGroup))
  // Ids begin with the moment, so that their order is that of time over all groups.
  const kept = groups
    .flatMap(files => files.slice(-bounds.perGroup))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  let count = kept.length
  let bytes = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  for (const file of kept) {
    if (count <= bounds.count && bytes <= bounds.bytes) break
    if (file.id === latest) continue
    surplus.push(file)
    count -= 1
    bytes -= file.sizeBytes
  }
  for (const { folder, id } of surplus) {
    await rm(join(folder, id + SUMMARY_SUFFIX), { force: true })
    await rm(join(folder, id + SUFFIX), { force: true })
  }
}

async function filesIn(folder: string): Promise<readonly KeptFile[]> {
  const ids = await idsIn(folder)
  return Promise.all(
    ids.map(async id => {
      // One that another process removes meanwhile takes no room any more.
      const found = await stat(join(folder, id + SUFFIX)).catch(() => null)
      return { folder, id, sizeBytes: found?.size ?? 0 }
    }),
  )
}

function noSnapshot(groupId: string, id: string): ContractError {
  return new ContractError({
    code: 'NOT_FOUND',
    message: `group ${groupId} has no snapshot ${id}`,
    remedy: `The newest ${BOUNDS.perGroup} of a group are kept.`,
  })
}

/** Nothing that a path could be made of. */
function fileName(text: string): string {
  return encodeURIComponent(text).replaceAll('.', '%2E')
}
