/** A broker looks the same wherever it appears. Past eight the hues repeat, marked by a pattern. */

const HUE_COUNT = 8

export interface BrokerHue {
  /** A CSS colour that follows the theme. */
  readonly colour: string
  readonly patterned: boolean
}

export function brokerHue(brokerId: number): BrokerHue {
  // Kafka's brokers usually count from 1; the first gets the first hue.
  const place = (((brokerId - 1) % HUE_COUNT) + HUE_COUNT) % HUE_COUNT
  return {
    colour: `var(--hue-${place + 1})`,
    patterned: brokerId > HUE_COUNT,
  }
}

/** A hue for a member or a partition, by its place in a stable order. */
export function placeHue(place: number): BrokerHue {
  return brokerHue(place + 1)
}
