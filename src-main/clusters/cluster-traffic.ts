/** The brokers' own counters, which the local cluster's supervisor reports every second or so. */
import type { TrafficReport } from '../../engine/cluster/node-messages.ts'

/** Bytes since the broker started. */
export interface TrafficTotals {
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
      for (const [topic, { bytesIn, bytesOut }] of byTopic)
        totals.set(`${brokerId} ${topic}`, { bytesIn, bytesOut })
    return totals
  }
}
