/**
 * What Kafka accepts and a person may not have meant. Each rule looks at the values as they would
 * be, and says which configuration it is about.
 */

export interface WarningContext {
  /** Of topics; null where it is not known or nothing has one. */
  readonly replicationFactor: number | null
  readonly partitionCount: number | null
}

export type WarningKind =
  | 'policyEmpty'
  | 'compactNeedsKeys'
  | 'compactSmallSegments'
  | 'compactLargeSegments'
  | 'compactIgnoresRetention'
  | 'smallSegments'
  | 'retentionZero'
  | 'retentionShort'
  | 'retentionBytesZero'
  | 'retentionBelowSegment'
  | 'minIsrAboveFactor'
  | 'minIsrIsFactor'
  | 'messageAboveFetch'
  | 'messageAboveClients'
  | 'messageAboveSegment'
  | 'recompresses'
  | 'flushesEach'
  | 'uncleanElection'
  | 'tombstonesGo'
  | 'createTimeBound'

export interface Warning {
  readonly kind: WarningKind
  /** The configuration that it is about. */
  readonly name: string
  readonly values: Readonly<Record<string, string | number>>
}

/** Names that warn only while they are looked at or changed; the value of a name, or null. */
type ValueOf = (name: string) => string | null

const MIB = 1_048_576
/** Where a consumer and a producer of Kafka's own stand by default. */
const FETCH_BYTES = 1_048_576
const FETCH_ALL_BYTES = 52_428_800
const SMALL_SEGMENT_BYTES = 16 * MIB
const SMALL_SEGMENT_MS = 10 * 60_000
const LARGE_SEGMENT_MS = 86_400_000
const CHECK_MS = 300_000

export function topicWarnings(valueOf: ValueOf, context: WarningContext): readonly Warning[] {
  return [
    ...policyWarnings(valueOf),
    ...retentionWarnings(valueOf),
    ...sizeWarnings(valueOf),
    ...durabilityWarnings(valueOf, context),
  ]
}

function policyWarnings(valueOf: ValueOf): readonly Warning[] {
  const policy = valueOf('cleanup.policy')
  if (policy === null) return []
  if (policy.trim() === '') return [warning('policyEmpty', 'cleanup.policy')]
  const found: Warning[] = []
  if (policy.includes('compact')) {
    found.push(warning('compactNeedsKeys', 'cleanup.policy'))
    const small = segmentIsSmall(valueOf)
    if (small !== null) found.push(warning('compactSmallSegments', small))
    else if ((numberOf(valueOf, 'segment.ms') ?? 0) > LARGE_SEGMENT_MS)
      found.push(warning('compactLargeSegments', 'segment.ms'))
    if (!policy.includes('delete') && (numberOf(valueOf, 'retention.bytes') ?? -1) >= 0)
      found.push(warning('compactIgnoresRetention', 'retention.bytes'))
    if (numberOf(valueOf, 'delete.retention.ms') === 0)
      found.push(warning('tombstonesGo', 'delete.retention.ms'))
  } else {
    const small = segmentIsSmall(valueOf)
    if (small !== null) found.push(warning('smallSegments', small))
  }
  return found
}

function segmentIsSmall(valueOf: ValueOf): string | null {
  if ((numberOf(valueOf, 'segment.bytes') ?? Infinity) < SMALL_SEGMENT_BYTES) return 'segment.bytes'
  return (numberOf(valueOf, 'segment.ms') ?? Infinity) < SMALL_SEGMENT_MS ? 'segment.ms' : null
}

function retentionWarnings(valueOf: ValueOf): readonly Warning[] {
  if (valueOf('cleanup.policy')?.includes('delete') === false) return []
  const found: Warning[] = []
  const ms = numberOf(valueOf, 'retention.ms')
  if (ms === 0) found.push(warning('retentionZero', 'retention.ms'))
  else if (ms !== null && ms > 0 && ms < CHECK_MS)
    found.push(warning('retentionShort', 'retention.ms'))
  const bytes = numberOf(valueOf, 'retention.bytes')
  const segmentBytes = numberOf(valueOf, 'segment.bytes')
  if (bytes === 0) found.push(warning('retentionBytesZero', 'retention.bytes'))
  else if (bytes !== null && bytes > 0 && segmentBytes !== null && bytes < segmentBytes)
    found.push(warning('retentionBelowSegment', 'retention.bytes'))
  return found
}

function sizeWarnings(valueOf: ValueOf): readonly Warning[] {
  const found: Warning[] = []
  const bytes = numberOf(valueOf, 'max.message.bytes')
  const segmentBytes = numberOf(valueOf, 'segment.bytes')
  if (bytes !== null && bytes > FETCH_ALL_BYTES)
    found.push(warning('messageAboveClients', 'max.message.bytes'))
  // Kafka's own default is twelve bytes above what a consumer fetches from a partition at once.
  else if (bytes !== null && bytes > FETCH_BYTES + 12)
    found.push(warning('messageAboveFetch', 'max.message.bytes'))
  if (bytes !== null && segmentBytes !== null && bytes > segmentBytes)
    found.push(warning('messageAboveSegment', 'max.message.bytes'))
  const codec = valueOf('compression.type')
  if (codec !== null && codec !== 'producer')
    found.push(warning('recompresses', 'compression.type', { codec }))
  return found
}

function durabilityWarnings(valueOf: ValueOf, context: WarningContext): readonly Warning[] {
  const found: Warning[] = []
  const { replicationFactor } = context
  const minIsr = numberOf(valueOf, 'min.insync.replicas')
  if (minIsr !== null && replicationFactor !== null) {
    const values = { minIsr, factor: replicationFactor }
    if (minIsr > replicationFactor)
      found.push(warning('minIsrAboveFactor', 'min.insync.replicas', values))
    else if (minIsr === replicationFactor && minIsr > 1)
      found.push(warning('minIsrIsFactor', 'min.insync.replicas', values))
  }
  if (numberOf(valueOf, 'flush.messages') === 1)
    found.push(warning('flushesEach', 'flush.messages'))
  if (valueOf('unclean.leader.election.enable') === 'true')
    found.push(warning('uncleanElection', 'unclean.leader.election.enable'))
  const beforeMs = numberOf(valueOf, 'message.timestamp.before.max.ms')
  if (
    beforeMs !== null &&
    beforeMs < LARGE_SEGMENT_MS &&
    valueOf('message.timestamp.type') !== 'LogAppendTime'
  )
    found.push(warning('createTimeBound', 'message.timestamp.before.max.ms'))
  return found
}

function warning(kind: WarningKind, name: string, values: Warning['values'] = {}): Warning {
  return { kind, name, values }
}

function numberOf(valueOf: ValueOf, name: string): number | null {
  const value = valueOf(name)
  return value !== null && /^-?\d+$/.test(value) ? Number(value) : null
}
