/** A view that begins where a group stands, of which the group has no place: why, and what to do. */
import { Asked, problemOf } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import { unpackCut } from '../../../src-main/contract/cut.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { isGone } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import type { MessagesQuery } from './query/address.ts'
import { sourcesOf } from './query/scan-input.ts'

interface GroupNoteProps {
  readonly topic: string
  readonly query: MessagesQuery
  /** Another number asks again. */
  readonly reads: number
  readonly onQuery: (change: Partial<MessagesQuery>) => void
}

export function GroupNote(props: GroupNoteProps) {
  const { from } = props.query
  return from.type === 'group' ? <PlacesOfGroup {...props} group={from.group} /> : null
}

function PlacesOfGroup({
  topic,
  query,
  reads,
  onQuery,
  group,
}: GroupNoteProps & { readonly group: string }) {
  const client = useClient()
  const cluster = useCluster().id
  const sources = sourcesOf(query, topic)
  const asked = useHeld(
    () =>
      new Asked<GroupPlaces>((_before, signal) =>
        placesOf(client, { cluster, group, sources }, signal),
      ),
    JSON.stringify([cluster, group, sources, reads]),
  )
  const { value } = useStore(asked)
  // What is wrong with the group itself is said where its records would be.
  if (value === null || value.committed === value.partitions) return null
  const { committed, partitions } = value
  const words =
    committed === 0
      ? t(value.exists ? 'groupStart.none' : 'groupStart.missing', { group, topic })
      : t('groupStart.some', { group, count: committed, of: partitions })
  return (
    <div className="notice" data-tone="calm" role="status">
      <span className="clip" title={words}>
        {words}
      </span>
      <span className="spacer" />
      <Button kind="quiet" onClick={() => onQuery({ from: { type: 'oldest' } })}>
        {t('groupStart.oldest')}
      </Button>
      <Button
        kind="quiet"
        onClick={() => onQuery({ from: { type: 'newest' }, until: { type: 'now' } })}
      >
        {t('groupStart.newest')}
      </Button>
    </div>
  )
}

interface PlacesAsked {
  readonly cluster: string
  readonly group: string
  readonly sources: ReturnType<typeof sourcesOf>
}

interface GroupPlaces {
  readonly exists: boolean
  readonly partitions: number
  readonly committed: number
}

/** How many partitions the view has, and in how many of them the group has committed. */
async function placesOf(
  client: ApplicationClient,
  { cluster, group, sources }: PlacesAsked,
  signal: AbortSignal,
): Promise<GroupPlaces> {
  const view = { cluster, sources, base: null, to: { type: 'oldest' as const } }
  const [{ cut }, described] = await Promise.all([
    client.call('record.seek', view, signal),
    describe(client, { cluster, groupId: group }, signal),
  ])
  const places = new Set(
    (described?.partitions ?? [])
      .filter(({ committedOffset }) => committedOffset !== null)
      .map(({ topic, partition }) => `${topic}/${partition}`),
  )
  const partitions = unpackCut(cut)
  const committed = partitions.filter(({ topic, partition }) => places.has(`${topic}/${partition}`))
  const exists = described !== null
  return { partitions: partitions.length, committed: committed.length, exists }
}

/** Null where there is no such group. */
async function describe(
  client: ApplicationClient,
  input: { readonly cluster: string; readonly groupId: string },
  signal: AbortSignal,
) {
  try {
    return await client.call('group.describe', input, signal)
  } catch (error) {
    // Any other trouble is not about what the group committed.
    if (isGone(problemOf(error))) return null
    throw error
  }
}
