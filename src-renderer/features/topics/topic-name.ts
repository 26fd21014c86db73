/** Kafka's rules for the name of a topic, as a reason why a name cannot be. */

export const TOPIC_NAME_LENGTH_MAX = 249
export const PARTITIONS_MAX = 100_000

export type NameProblem =
  | { readonly type: 'empty' }
  | { readonly type: 'dots' }
  | { readonly type: 'too-long'; readonly length: number }
  | { readonly type: 'character'; readonly character: string }
  | { readonly type: 'taken' }
  /** Metrics replace dots by underscores, so Kafka refuses two names that differ in these alone. */
  | { readonly type: 'collides'; readonly with: string }

/** Null when a topic can be created with this name. */
export function topicNameProblem(name: string, taken: readonly string[]): NameProblem | null {
  if (name === '') return { type: 'empty' }
  if (name === '.' || name === '..') return { type: 'dots' }
  const character = /[^a-zA-Z0-9._-]/u.exec(name)?.[0]
  if (character !== undefined) return { type: 'character', character }
  if (name.length > TOPIC_NAME_LENGTH_MAX) return { type: 'too-long', length: name.length }
  if (taken.includes(name)) return { type: 'taken' }
  const plain = name.replaceAll('.', '_')
  const collision = taken.find(other => other.replaceAll('.', '_') === plain)
  return collision === undefined ? null : { type: 'collides', with: collision }
}
