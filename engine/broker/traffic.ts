/** What went through a broker, counted where it happens: totals since start, by topic. */

export interface TopicTraffic {
  recordsIn: number
  bytesIn: number
  bytesOut: number
  produceRequests: number
  fetchRequests: number
}

export class Traffic {
  readonly #byTopic = new Map<string, TopicTraffic>()

  produced(topic: string, records: number, bytes: number): void {
    const counts = this.#of(topic)
    counts.recordsIn += records
    counts.bytesIn += bytes
    counts.produceRequests++
  }

  fetched(topic: string, bytes: number): void {
    const counts = this.#of(topic)
    counts.bytesOut += bytes
    counts.fetchRequests++
  }

  topicDeleted(topic: string): void {
    this.#byTopic.delete(topic)
  }

  snapshot(): ReadonlyMap<string, Readonly<TopicTraffic>> {
    return new Map([...this.#byTopic].map(([topic, counts]) => [topic, { ...counts }]))
  }

  #of(topic: string): TopicTraffic {
    let counts = this.#byTopic.get(topic)
    if (counts === undefined) {
      counts = { recordsIn: 0, bytesIn: 0, bytesOut: 0, produceRequests: 0, fetchRequests: 0 }
      this.#byTopic.set(topic, counts)
    }
    return counts
  }
}
