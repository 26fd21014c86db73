/**
 * With which voters a new metadata log of this cluster begins: the controllers that the cluster was
 * made with and still has. One that was added later learns from the others who votes, and must not
 * take itself for a voter before it has. Written down once the two are no longer the same.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OperationalError } from '../support/operational-error.ts'

/** Of a folder's controllers; all of them where nothing else is written. */
export function initialVoters(dataDir: string, controllerIds: readonly number[]): number[] {
  const path = pathIn(dataDir)
  return orOperational(path, () => {
    if (!existsSync(path)) return [...controllerIds]
    return readFileSync(path, 'utf8').split('\n').filter(Boolean).map(Number)
  })
}

export function writeInitialVoters(dataDir: string, ids: readonly number[]): void {
  const path = pathIn(dataDir)
  orOperational(path, () => {
    writeFileSync(`${path}.tmp`, ids.map(id => `${id}\n`).join(''))
    renameSync(`${path}.tmp`, path)
  })
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'initial-voters')
}

function orOperational<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    // Named, as everything is that the system refuses.
    throw new OperationalError(`${path}: ${(error as Error).message}`, { cause: error })
  }
}
