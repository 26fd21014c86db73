/** Hands a service's events to whoever listens. An event that nobody wants costs nothing. */
import type { Contract, EventName, PayloadOf } from './define.ts'

export class EventHub<C extends Contract> {
  readonly #listeners = new Map<string, Set<(payload: any) => void>>()

  on<N extends EventName<C>>(name: N, listener: (payload: PayloadOf<C, N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(name) === listeners)
        this.#listeners.delete(name)
    }
  }

  emit<N extends EventName<C>>(name: N, payload: PayloadOf<C, N>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload)
  }

  wanted(name: EventName<C>): boolean {
    return this.#listeners.has(name)
  }
}
