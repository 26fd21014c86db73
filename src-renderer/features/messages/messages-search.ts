/** Places of records, as the panel beside the table reads them. */

export interface RecordPlace {
  readonly partition: number
  readonly offset: bigint
}

export const INSPECTOR_TABS = ['value', 'key', 'headers', 'metadata'] as const
export type InspectorTab = (typeof INSPECTOR_TABS)[number]

export function writePlace(place: RecordPlace): string {
  return `${place.partition}:${place.offset}`
}
