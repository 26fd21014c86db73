/** What the record panel is told by the page that it stands on, and what of it is in the address. */
import type { DecoderChoice, DecoderName } from '../../src-main/contract/model/decode.ts'

export interface RecordPlace {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

export const PANEL_TABS = ['value', 'key', 'headers', 'metadata', 'compare'] as const
export type PanelTab = (typeof PANEL_TABS)[number]

/** As it stands in the address: `tab`, `kd`, `vd` and `with`. */
export interface PanelView {
  readonly tab?: string | undefined
  /** The decoder picked for keys, and for values; `auto` when absent. */
  readonly kd?: DecoderName | undefined
  readonly vd?: DecoderName | undefined
  /** What the record is compared with, as `topic:partition:offset`. */
  readonly with?: string | undefined
}

/** A field of a decoded key or value that its reader pointed at. */
export interface PanelField {
  readonly part: 'key' | 'value' | 'header'
  /** As `readFieldPath` reads it; a header's own name for `header`. */
  readonly path: string
  /** A string without quotes; numbers and words as stored. */
  readonly value: string
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array'
}

/** `only` and `not` narrow what is shown to records with, or without, this value. */
export type FieldAct = 'only' | 'not' | 'column'

export interface DecoderChoices {
  readonly key: DecoderChoice
  readonly value: DecoderChoice
}

export function tabOf(view: PanelView): PanelTab {
  return PANEL_TABS.find(tab => tab === view.tab) ?? 'value'
}

export function samePlace(a: RecordPlace | null, b: RecordPlace | null): boolean {
  if (a === null || b === null) return a === b
  return a.topic === b.topic && a.partition === b.partition && a.offset === b.offset
}

export function writePlace({ topic, partition, offset }: RecordPlace): string {
  return `${topic}:${partition}:${offset}`
}

const INT64_MAX = 9_223_372_036_854_775_807n

/** `topic:3:10482`, or `3:10482` in the topic that is shown; null for anything else. */
export function readPlace(text: string, topic: string): RecordPlace | null {
  const match = /^(?:([\w.-]{1,249}):)?(\d{1,9}):(\d{1,19})$/.exec(text.trim())
  if (match === null) return null
  const offset = BigInt(match[3] ?? '')
  if (offset > INT64_MAX) return null
  return { topic: match[1] ?? topic, partition: Number(match[2]), offset }
}

/** A place, or a link to one: the record is in its `at`, the topic in its path. */
export function readPastedPlace(text: string, topic: string): RecordPlace | null {
  const link = /#\/[^/?]+\/topics\/([^/?]+)\/?\?(.*)$/.exec(text.trim())
  if (link === null) return readPlace(text, topic)
  const at = new URLSearchParams(link[2]).get('at')
  return at === null ? null : readPlace(at, decodeURIComponent(link[1] ?? topic))
}
