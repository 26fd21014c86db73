/**
 * What a power cut does to a node's folder once its thread is gone: each file loses what was written
 * and not flushed. The model is the simulator's: sizes and data are durable from a flush on; names
 * are durable at once and in order, as a journalling file system keeps them, so that a file renamed
 * into place without a sync keeps its name and loses its data.
 *
 * A real disk may have kept any part of it, since the kernel writes by itself after half a minute.
 * With a seed, some of each file's tail stays, which tears batches; without one, nothing does, the
 * worst there is.
 */
import { stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { UnflushedFiles } from '../runtime/unflushed-files.ts'
import { OperationalError } from '../support/operational-error.ts'
import type { DroppedFile, PowerCutOptions } from './cluster.ts'

/** The supervisor's end of a node's files. */
export interface NodeMemory {
  readonly memory: SharedArrayBuffer
  /** The folder that paths in it are below. */
  readonly root: string
}

const FILES_TOLD_MAX = 100

export interface Dropped {
  readonly droppedBytes: number
  readonly droppedFileCount: number
  /** Those that lost most, the first ones. */
  readonly files: readonly DroppedFile[]
}

/** Throws an `OperationalError` where a file cannot be cut, or not all are known. */
export async function dropUnflushed(
  { memory, root }: NodeMemory,
  { tornTailSeed }: PowerCutOptions,
): Promise<Dropped> {
  const unflushed = new UnflushedFiles(memory, root)
  const keep = tornTailSeed === undefined ? () => 0 : keepSome(tornTailSeed)
  const dropped: DroppedFile[] = []
  for (const { path, flushedBytes } of unflushed.all()) {
    const file = await drop(join(root, path), flushedBytes, keep)
    if (file !== null) dropped.push({ path, ...file })
    unflushed.removed(`${root}/${path}`)
  }
  if (!unflushed.complete)
    throw new OperationalError(
      `${root}: more files than can be kept in mind were not flushed; some kept everything`,
    )
  return {
    droppedBytes: dropped.reduce((sum, file) => sum + file.droppedBytes, 0),
    droppedFileCount: dropped.length,
    files: dropped.toSorted((a, b) => b.droppedBytes - a.droppedBytes).slice(0, FILES_TOLD_MAX),
  }
}

async function drop(
  path: string,
  flushedBytes: number,
  keep: (unflushedBytes: number) => number,
): Promise<Omit<DroppedFile, 'path'> | null> {
  try {
    const { size } = await stat(path)
    const keptBytes = flushedBytes + keep(Math.max(0, size - flushedBytes))
    if (keptBytes >= size) return null
    await truncate(path, keptBytes)
    return { keptBytes, droppedBytes: size - keptBytes }
  } catch (error) {
    // A thread that was ended between a rename or a removal and the note of it.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new OperationalError(`${path}: ${(error as Error).message}`, { cause: error })
  }
}

/** Of each tail nothing, all, or any part: numbers that a seed makes the same again (mulberry32). */
function keepSome(seed: number): (unflushedBytes: number) => number {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return unflushedBytes => {
    const kind = next()
    const part = Math.floor(next() * (unflushedBytes + 1))
    if (kind < 0.25) return 0
    return kind < 0.5 ? unflushedBytes : part
  }
}
