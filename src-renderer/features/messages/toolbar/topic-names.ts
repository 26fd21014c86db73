import type { TopicListing } from '../../../../src-main/contract/model/topic.ts'

/** Of all topics that are not the cluster's own. */
export function topicNames(listing: TopicListing | null): readonly string[] {
  const columns = listing?.topics
  if (columns === undefined || columns === null) return []
  return columns.name.filter((_, place) => columns.internal[place] !== true)
}
