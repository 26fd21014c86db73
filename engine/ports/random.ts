/** Randomness, handed in so that a seed repeats a run. */
export interface Random {
  /** A whole number from 0 up to and without `below`. */
  integer(below: number): number
  /** A random (version 4) id in Kafka's notation; never one that begins with a dash. */
  uuid(): string
}
