/** A view that begins where a group stands, of which the group has no place: why, and what to do. */
import { Asked } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import { unpackCut } from '../../../src-main/contract/cut.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
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
      ? t('groupStart.none', { group, topic })
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
    client.call('group.describe', { cluster, groupId: group }, signal),
  ])
  const places = new Set(
    described.partitions
      .filter(({ committedOffset }) => committedOffset !== null)
      .map(({ topic, partition }) => `${topic}/${partition}`),
  )
  const partitions = unpackCut(cut)
  const committed = partitions.filter(({ topic, partition }) => places.has(`${topic}/${partition}`))
  return { partitions: partitions.length, committed: committed.length }
}
