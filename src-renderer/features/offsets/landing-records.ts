/** The records that rows on screen land on, asked for in batches as the grid is scrolled. */
import type { ApplicationClient } from '../../../src-main/contract/api.ts'
import type { LandingRecord, OffsetPlanRow } from '../../../src-main/contract/model/offset.ts'
import { LazyFigures } from '../../connection/lazy-figures.ts'

export type LandingRecords = LazyFigures<LandingRecord>

export function landingRecords(client: ApplicationClient, cluster: string): LandingRecords {
  return new LazyFigures(
    (names, signal) => {
      const places = names.flatMap(name => placeOf(name) ?? [])
      return places.length === 0
        ? Promise.resolve([])
        : client.call('offset.landings', { cluster, places }, signal)
    },
    ({ topic, partition, offset }) => landingName({ topic, partition, offset }),
  )
}

/** The same record for as long as the row has the same target. */
export function landingName(of: {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}): string {
  return `${of.topic}/${of.partition}/${of.offset}`
}

/** Where nothing is to be found, nothing is asked: `end`, or no offset at all. */
export function landsOn(row: OffsetPlanRow): 'record' | 'end' | 'below' | 'nothing' {
  const { after, logStartOffset, highWatermark, action } = row
  if (action === 'delete' || after === null || highWatermark === null || logStartOffset === null)
    return 'nothing'
  if (after >= highWatermark) return 'end'
  return after < logStartOffset ? 'below' : 'record'
}

export function landingNames(rows: readonly OffsetPlanRow[]): readonly string[] {
  // One name for each row, so that a place in the list is a place on the screen.
  return rows.map(row =>
    landsOn(row) === 'record' ? landingName({ ...row, offset: row.after! }) : '',
  )
}

function placeOf(name: string) {
  const [topic, partition, offset] = name.split('/')
  if (offset === undefined) return null
  return { topic: topic!, partition: Number(partition), offset: BigInt(offset) }
}
