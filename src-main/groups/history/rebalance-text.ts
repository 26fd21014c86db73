/** A rebalance as text for the database: JSON, its times as numbers. */
import type { RebalanceDraft } from '../rebalance-diary.ts'

/** A longer one is kept without the partitions of its members: the counts stay. */
const TEXT_CHARACTERS_MAX = 256 * 1024
const MEMBERS_MAX = 1_000

export function writeRebalance(draft: RebalanceDraft): string {
  const text = toText({ ...draft, members: draft.members.slice(0, MEMBERS_MAX) })
  if (text.length <= TEXT_CHARACTERS_MAX) return text
  const members = draft.members.slice(0, MEMBERS_MAX)
  return toText({ ...draft, members: members.map(each => ({ ...each, gained: [], lost: [] })) })
}

const times: ReadonlySet<string> = new Set([
  'startedMs',
  'formedMs',
  'finishedMs',
  'joinedMs',
  'syncedMs',
])

function toText(draft: RebalanceDraft): string {
  return JSON.stringify(draft, (_key, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  )
}

export function readRebalance(text: string): RebalanceDraft {
  return JSON.parse(text, (key, value: unknown) =>
    times.has(key) && typeof value === 'number' ? BigInt(value) : value,
  ) as RebalanceDraft
}
