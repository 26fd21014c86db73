import type { Random } from '../ports/random.ts'

/** A member id as Kafka makes them: the client's or the instance's name, and a random UUID. */
export function memberIdFor(name: string, random: Random): string {
  const words = Array.from({ length: 8 }, () => random.integer(0x10000))
  words[3] = (words[3]! & 0x0fff) | 0x4000
  words[4] = (words[4]! & 0x3fff) | 0x8000
  const [a, b, c, d, e, ...rest] = words.map(word => word.toString(16).padStart(4, '0'))
  return `${name}-${a}${b}-${c}-${d}-${e}-${rest.join('')}`
}
