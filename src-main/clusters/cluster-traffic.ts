/** The brokers' own counters, which the local cluster's supervisor reports every second or so. */
import type { TrafficReport } from '../../engine/cluster/node-messages.ts'

/** Since the broker started. */
export interface TrafficTotals {
  readonly topic: string
  readonly recordsIn: number
  readonly bytesIn: number
  readonly bytesOut: number
}

export class ClusterTraffic {
  readonly #byBroker = new Map<number, TrafficReport>()

  report(brokerId: number, report: TrafficReport): void {
    this.#byBroker.set(brokerId, report)
  }

  /** By broker and topic, since a broker that was restarted counts from zero again. */
  totals(): ReadonlyMap<string, TrafficTotals> {
    const totals = new Map<string, TrafficTotals>()
    for (const [brokerId, { byTopic }] of this.#byBroker)
      for (const [topic, { recordsIn, bytesIn, bytesOut }] of byTopic)
        totals.set(`${brokerId} ${topic}`, { topic, recordsIn, bytesIn, bytesOut })
    return totals
  }
}
