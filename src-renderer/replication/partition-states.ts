/** What partitions are looked for by: the states that Kafka's own tools and metrics tell apart. */
import {
  partitionStates,
  type PartitionReplication,
  type PartitionState,
} from '../../src-main/contract/model/replication.ts'
import type { GlyphState } from '../ui/glyph.tsx'

export const partitionStateLooks: Readonly<
  Record<PartitionState, { readonly tone: 'bad' | 'warn' | 'quiet'; readonly glyph: GlyphState }>
> = {
  leaderless: { tone: 'bad', glyph: 'offline' },
  'below-min-isr': { tone: 'bad', glyph: 'outOfSync' },
  'at-min-isr': { tone: 'warn', glyph: 'catchingUp' },
  'under-replicated': { tone: 'warn', glyph: 'catchingUp' },
  moving: { tone: 'quiet', glyph: 'catchingUp' },
  'not-preferred': { tone: 'quiet', glyph: 'leader' },
}

export function isPartitionState(text: unknown): text is PartitionState {
  return partitionStates.some(state => state === text)
}

export function isInState(partition: PartitionReplication, state: PartitionState): boolean {
  const { leader, replicas, adding, removing, findings } = partition
  switch (state) {
    case 'leaderless':
      return leader === null
    case 'under-replicated': {
      // What a reassignment adds is not missing: it is on its way.
      const meant = replicas.filter(({ broker }) => !adding.includes(broker))
      return leader !== null && meant.some(({ inSync }) => !inSync)
    }
    case 'moving':
      return adding.length > 0 || removing.length > 0
    default:
      return findings.some(({ type }) => type === state)
  }
}
