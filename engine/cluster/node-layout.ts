/**
 * Which nodes a cluster has. A new one is laid out as asked; one that exists keeps the controllers
 * that it was made with, because its metadata log names them as its voters.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { OperationalError } from '../support/operational-error.ts'

export interface NodeLayout {
  /** 1 and up. */
  readonly brokerIds: readonly number[]
  /** 3000 and up, or the first brokers' own ids where nodes are both. */
  readonly controllerIds: readonly number[]
}

export interface LayoutWish {
  /** Null for a folder that will be new. */
  readonly dataDir: string | null
  readonly brokers: number
  /** Null where none was asked for. */
  readonly controllers: number | null
  /** Null where it was not said. */
  readonly combined: boolean | null
}

const BROKERS_MAX = 32
export const CONTROLLERS_MAX = 9
/** Survives the loss of one, as Apache Kafka recommends. */
const CONTROLLERS_DEFAULT = 3
export const CONTROLLER_ID_FIRST = 3000

/** Throws an `OperationalError` for a layout that cannot be, or is not the one in the folder. */
export function layOut(wish: LayoutWish): NodeLayout {
  const { dataDir, brokers, controllers, combined } = wish
  checkCount(brokers, 'brokers', BROKERS_MAX)
  if (controllers !== null) checkCount(controllers, 'controllers', CONTROLLERS_MAX)
  const brokerIds = sequence(1, brokers)
  const existing = controllerIdsIn(dataDir)
  if (existing.length > 0) {
    const existingCombined = existing[0]! < CONTROLLER_ID_FIRST
    if (
      (controllers !== null && controllers !== existing.length) ||
      (combined !== null && combined !== existingCombined)
    )
      throw new OperationalError(
        `${dataDir}: this cluster has ${words(existing.length, existingCombined)}, ` +
          'and keeps them: ask for nothing else, or choose another folder',
      )
    return { brokerIds, controllerIds: existing }
  }
  if (combined !== true)
    return {
      brokerIds,
      controllerIds: sequence(CONTROLLER_ID_FIRST, controllers ?? CONTROLLERS_DEFAULT),
    }
  const count = controllers ?? Math.min(brokers, CONTROLLERS_DEFAULT)
  if (count > brokers)
    throw new OperationalError(`${count} combined controllers: there are ${brokers} brokers`)
  return { brokerIds, controllerIds: sequence(1, count) }
}

/** Where a node of that role keeps its log. */
export function folderOf(dataDir: string, role: 'broker' | 'controller', id: number): string {
  return join(dataDir, `${role}-${id}`)
}

function controllerIdsIn(dataDir: string | null): number[] {
  if (dataDir === null || !existsSync(dataDir)) return []
  return readdirSync(dataDir)
    .flatMap(name => /^controller-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

function words(count: number, combined: boolean): string {
  const controllers = count === 1 ? 'one controller' : `${count} controllers`
  return combined ? `${controllers} in its brokers' threads` : controllers
}

function checkCount(count: number, what: string, max: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= max) return
  throw new OperationalError(`${count} ${what}: a cluster has 1 to ${max}`)
}

function sequence(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}
