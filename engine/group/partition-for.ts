/** Which partition of `__consumer_offsets` holds a group, and so which broker coordinates it. */
export function partitionFor(groupId: string, partitionCount: number): number {
  return positive(javaHashCode(groupId)) % partitionCount
}

/** Java's `String.hashCode`: over UTF-16 units, in 32 bits that wrap. */
function javaHashCode(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0
  return hash
}

/** As Kafka's `Utils.abs`: the smallest integer, which has no positive twin, becomes 0. */
function positive(value: number): number {
  return value === -2_147_483_648 ? 0 : Math.abs(value)
}
