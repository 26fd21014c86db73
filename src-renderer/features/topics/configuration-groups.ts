/** Topic configurations in the order a person looks for them. */
import type { TopicConfigurationDefinition } from '../../../src-main/contract/model.ts'

const GROUPS = [
  ['retention', /^(retention\.|cleanup\.policy|delete\.retention|local\.retention|remote\.)/],
  ['messages', /^(max\.message|message\.|compression\.)/],
  ['durability', /^(min\.insync|unclean|flush\.|replication|leader\.|follower\.)/],
  ['compaction', /^(min\.cleanable|min\.compaction|max\.compaction|file\.delete)/],
  ['segments', /^(segment\.|index\.|preallocate)/],
] as const

export type ConfigurationGroup = (typeof GROUPS)[number][0] | 'other'

export interface GroupedDefinitions {
  readonly group: ConfigurationGroup
  readonly definitions: readonly TopicConfigurationDefinition[]
}

export function groupDefinitions(
  definitions: readonly TopicConfigurationDefinition[],
): readonly GroupedDefinitions[] {
  const order: readonly ConfigurationGroup[] = [...GROUPS.map(([group]) => group), 'other']
  return order
    .map(group => ({
      group,
      definitions: definitions.filter(definition => groupOf(definition.name) === group),
    }))
    .filter(grouped => grouped.definitions.length > 0)
}

export function groupOf(name: string): ConfigurationGroup {
  return GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? 'other'
}
