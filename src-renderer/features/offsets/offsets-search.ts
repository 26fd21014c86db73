/**
 * The parts of the address that belong to the offset lab: `t=orders:0,2-4;bills` is the scope,
 * `s=shift:-5` the strategy, `e=orders:0:120;orders:1:-` what was set by hand or left out.
 */
import type {
  OffsetEdits,
  OffsetScope,
  OffsetStrategy,
} from '../../../src-main/contract/api/offset.ts'
import { formatIsoDuration, parseDuration } from '../../../src-main/contract/duration.ts'
import { readPartitions, writePartitions } from './partition-list.ts'

export const STRATEGIES = [
  'none',
  'earliest',
  'latest',
  'offset',
  'timestamp',
  'duration',
  'shift',
  'group',
  'file',
  'current',
  'snapshot',
  'delete',
] as const
export type StrategyName = (typeof STRATEGIES)[number]

export interface OffsetsSearch {
  readonly t?: string
  readonly s?: string
  readonly e?: string
  readonly q?: string
  /** Only rows that change. */
  readonly changes?: '1'
}

/** A strategy as far as an address can say it: a file's text is not in there. */
export type ChosenStrategy =
  | Exclude<OffsetStrategy, { readonly type: 'file' }>
  | { readonly type: 'file' }
  /** Named without its value, which is still to be typed. */
  | { readonly type: 'unfinished'; readonly name: StrategyName }

export function readOffsetsSearch(search: Record<string, unknown>): OffsetsSearch {
  const text = (name: string) => {
    const value = search[name]
    return typeof value === 'string' && value !== '' ? { [name]: value } : {}
  }
  return {
    ...text('t'),
    ...text('s'),
    ...text('e'),
    ...text('q'),
    ...(search.changes === '1' ? { changes: '1' } : {}),
  }
}

export interface CreateGroupSearch {
  /** A name and a scope to begin with. */
  readonly group?: string
  readonly t?: string
}

export function readCreateGroupSearch(search: Record<string, unknown>): CreateGroupSearch {
  const { group, t } = search
  return {
    ...(typeof group === 'string' && group !== '' ? { group } : {}),
    ...(typeof t === 'string' && t !== '' ? { t } : {}),
  }
}

/** Null for everything that the group has committed. */
export function readScope(text: string | undefined): OffsetScope {
  if (text === undefined) return null
  return text.split(';').flatMap(entry => {
    const [topic = '', partitions] = entry.split(':')
    if (topic === '') return []
    return { topic, partitions: partitions === undefined ? null : readPartitions(partitions) }
  })
}

export function writeScope(scope: OffsetScope): string | undefined {
  if (scope === null) return undefined
  const entries = scope.map(({ topic, partitions }) =>
    partitions === null ? topic : `${topic}:${writePartitions(partitions)}`,
  )
  // An empty list of topics is something else than all of them.
  return entries.join(';') || ';'
}

export function readStrategy(text: string | undefined): ChosenStrategy {
  const [name, value] = split(text ?? '')
  const strategy = STRATEGIES.find(each => each === name)
  if (strategy === undefined) return { type: 'none' }
  return readValue(strategy, value) ?? { type: 'unfinished', name: strategy }
}

function readValue(name: StrategyName, value: string): ChosenStrategy | null {
  switch (name) {
    case 'none':
    case 'earliest':
    case 'latest':
    case 'current':
    case 'file':
    case 'delete':
      return { type: name }
    case 'offset':
      return /^\d{1,18}$/.test(value) ? { type: name, offset: BigInt(value) } : null
    case 'timestamp':
      return /^\d{1,18}$/.test(value) ? { type: name, timestampMs: BigInt(value) } : null
    case 'duration': {
      const durationMs = parseDuration(value)
      return durationMs === null ? null : { type: name, durationMs }
    }
    case 'shift':
      return /^[+-]?\d{1,18}$/.test(value) ? { type: name, by: BigInt(value) } : null
    case 'group':
      return value === '' ? null : { type: name, groupId: value }
    case 'snapshot': {
      const [part, snapshotId] = split(value)
      if (snapshotId === '' || (part !== 'changed' && part !== 'all')) return null
      return { type: name, snapshotId, part }
    }
  }
}

export function writeStrategy(strategy: ChosenStrategy): string | undefined {
  switch (strategy.type) {
    case 'none':
      return undefined
    case 'unfinished':
      return strategy.name
    case 'offset':
      return `offset:${strategy.offset}`
    case 'timestamp':
      return `timestamp:${strategy.timestampMs}`
    case 'duration':
      return `duration:${formatIsoDuration(strategy.durationMs)}`
    case 'shift':
      return `shift:${strategy.by}`
    case 'group':
      return `group:${strategy.groupId}`
    case 'snapshot':
      return `snapshot:${strategy.part}:${strategy.snapshotId}`
    default:
      return strategy.type
  }
}

export function nameOfStrategy(strategy: ChosenStrategy): StrategyName {
  return strategy.type === 'unfinished' ? strategy.name : strategy.type
}

export function readEdits(text: string | undefined): OffsetEdits {
  return (text ?? '').split(';').flatMap(entry => {
    const [topic = '', partition = '', offset = ''] = entry.split(':')
    if (topic === '' || !/^\d{1,9}$/.test(partition)) return []
    if (offset === '-') return { topic, partition: Number(partition), offset: null }
    return /^\d{1,18}$/.test(offset)
      ? { topic, partition: Number(partition), offset: BigInt(offset) }
      : []
  })
}

export function writeEdits(edits: OffsetEdits): string | undefined {
  const entries = edits.map(
    ({ topic, partition, offset }) => `${topic}:${partition}:${offset ?? '-'}`,
  )
  return entries.join(';') || undefined
}

/** At the first colon: what comes after it may hold more. */
function split(text: string): [string, string] {
  const at = text.indexOf(':')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
