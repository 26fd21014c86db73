/** Topic configurations in the order a person looks for them. */
import type { TopicConfigurationDefinition } from '../../../src-main/contract/model/configuration.ts'

const GROUPS = [
  ['retention', /^(retention\.|cleanup\.policy|delete\.retention|local\.retention|remote\.)/],
  ['messages', /^(max\.message|message\.|compression\.)/],
  ['durability', /^(min\.insync|unclean|flush\.|replication|leader\.|follower\.)/],
  ['compaction', /^(min\.cleanable|min\.compaction|max\.compaction|file\.delete)/],
  ['segments', /^(segment\.|index\.|preallocate)/],
] as const

/** What most topics are created for comes first in its group. */
const FIRST = ['cleanup.policy', 'retention.ms', 'retention.bytes', 'max.message.bytes']

export type ConfigurationGroup = (typeof GROUPS)[number][0] | 'other' | 'without-effect'

export interface GroupedDefinitions {
  readonly group: ConfigurationGroup
  readonly definitions: readonly TopicConfigurationDefinition[]
}

export function groupDefinitions(
  definitions: readonly TopicConfigurationDefinition[],
): readonly GroupedDefinitions[] {
  const order: readonly ConfigurationGroup[] = [
    ...GROUPS.map(([group]) => group),
    'other',
    'without-effect',
  ]
  return order
    .map(group => ({
      group,
      definitions: definitions
        .filter(definition => groupOf(definition) === group)
        .sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1)),
    }))
    .filter(grouped => grouped.definitions.length > 0)
}

export function groupOf({
  name,
  takesEffect,
}: Pick<TopicConfigurationDefinition, 'name' | 'takesEffect'>): ConfigurationGroup {
  if (!takesEffect) return 'without-effect'
  return GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other'
}

function rank(name: string): number {
  const place = FIRST.indexOf(name)
  return place < 0 ? FIRST.length : place
}
