/** The parts of the address that belong to the wire log: its filter, and the request that is open. */

export interface WireSearch {
  readonly q?: string
  /** Keys of APIs, as `0,1`; all when absent. */
  readonly apis?: string
  /** Ids of brokers, as `1,3`; all when absent. */
  readonly brokers?: string
  readonly failed?: '1'
  /** Milliseconds in queue and work. */
  readonly slow?: string
  /** With this application's own requests. */
  readonly own?: '1'
  /** The open request, as `2-1043`: broker and sequence. */
  readonly at?: string
  readonly side?: 'response'
}

const NUMBERS = /^\d{1,10}(,\d{1,10})*$/

export function readWireSearch(search: Record<string, unknown>): WireSearch {
  const { q, apis, brokers, failed, slow, own, at, side } = search
  return {
    ...(typeof q === 'string' && q !== '' ? { q: q.slice(0, 256) } : {}),
    ...(NUMBERS.test(String(apis)) ? { apis: String(apis) } : {}),
    ...(NUMBERS.test(String(brokers)) ? { brokers: String(brokers) } : {}),
    ...(String(failed) === '1' ? { failed: '1' } : {}),
    ...(/^\d{1,6}$/.test(String(slow)) ? { slow: String(slow) } : {}),
    ...(String(own) === '1' ? { own: '1' } : {}),
    ...(/^\d{1,10}-\d{1,10}$/.test(String(at)) ? { at: String(at) } : {}),
    ...(side === 'response' ? { side } : {}),
  }
}

export function readNumbers(text: string | undefined): readonly number[] | null {
  return text === undefined ? null : text.split(',').map(Number)
}

export function writeNumbers(numbers: readonly number[]): string | undefined {
  return numbers.length === 0 ? undefined : [...numbers].sort((a, b) => a - b).join(',')
}
