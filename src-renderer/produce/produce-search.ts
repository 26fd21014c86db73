/**
 * The producing panel in the address, on every page of a topic: `produce=new`, `many`, `file`,
 * `replay`, or `resend:PARTITION:OFFSET`, which loads that record to be edited and sent again.
 */

export const PRODUCE_TABS = ['new', 'many', 'file', 'replay'] as const
export type ProduceTab = (typeof PRODUCE_TABS)[number]

export interface ProduceSearch {
  readonly produce?: string | undefined
}

export interface ResendPlace {
  readonly partition: number
  readonly offset: bigint
}

export interface ProduceView {
  readonly tab: ProduceTab
  readonly resend: ResendPlace | null
}

const RESEND = /^resend:(\d{1,9}):(\d{1,19})$/

export function readProduceSearch(search: Record<string, unknown>): ProduceSearch {
  const { produce } = search
  return typeof produce === 'string' && readProduce(produce) !== null ? { produce } : {}
}

/** Null where the panel is closed. */
export function readProduce(text: string | undefined): ProduceView | null {
  if (text === undefined) return null
  const tab = PRODUCE_TABS.find(each => each === text)
  if (tab !== undefined) return { tab, resend: null }
  const match = RESEND.exec(text)
  if (match === null) return null
  return { tab: 'new', resend: { partition: Number(match[1]), offset: BigInt(match[2] ?? '') } }
}

export function writeResend({ partition, offset }: ResendPlace): string {
  return `resend:${partition}:${offset}`
}
