/** What a person types to say how far records go: offsets, moments, ages, partitions. */
import { parseTimestamp, type Zone } from '../../ui/format/time.ts'
import { readAmount } from '../../ui/configuration/amount.ts'

/** `3`, `0, 2-5`: null where it is none of this, or names a partition that is not there. */
export function parsePartitions(text: string, count: number): readonly number[] | null {
  const chosen = new Set<number>()
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?$/.exec(part)
    if (match === null) return null
    const first = Number(match[1])
    const last = Number(match[2] ?? match[1])
    if (first > last || last >= count) return null
    for (let partition = first; partition <= last; partition += 1) chosen.add(partition)
  }
  return [...chosen].sort((a, b) => a - b)
}

/** A moment as elsewhere, or an age: `2 h` is two hours before now. */
export function parsePurgeTime(text: string, nowMs: number, zone: Zone): bigint | null {
  const moment = parseTimestamp(text, zone)
  if (moment !== null) return moment < 0n ? null : moment
  const age = readAmount(text, 'ms')
  if (!/[a-z]/i.test(text) || !/^\d+$/.test(age)) return null
  const at = BigInt(nowMs) - BigInt(age)
  return at < 0n ? null : at
}

export function parseOffset(text: string): bigint | null {
  const bare = text.replaceAll(/[\s,]/g, '')
  return /^\d{1,18}$/.test(bare) ? BigInt(bare) : null
}
