/** Partitions as people write them: `0,2-4`. */

const PARTITIONS_MAX = 100_000

/** What cannot be read is left out. */
export function readPartitions(text: string): readonly number[] {
  const partitions = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?$/.exec(part)
    if (match === null) continue
    const first = Number(match[1])
    const last = Math.min(Number(match[2] ?? first), first + PARTITIONS_MAX)
    for (let partition = first; partition <= last; partition++) partitions.add(partition)
  }
  return [...partitions].sort((a, b) => a - b)
}

export function writePartitions(partitions: readonly number[]): string {
  const runs: [number, number][] = []
  for (const partition of partitions) {
    const run = runs.at(-1)
    if (run !== undefined && run[1] + 1 === partition) run[1] = partition
    else runs.push([partition, partition])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
