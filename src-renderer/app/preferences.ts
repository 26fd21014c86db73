/** What the reader decided once for all pages, kept in this browser. The scheme is Mantine's to keep. */
import type { Zone } from '../ui/format/time.ts'
import { Store } from '../ui/store.ts'

const ZONE_KEY = 'odradek.zone'

export class ZonePreference extends Store<Zone> {
  readonly #storage: Storage

  constructor(storage: Storage) {
    super(storage.getItem(ZONE_KEY) ?? 'local')
    this.#storage = storage
  }

  choose(zone: Zone): void {
    this.#storage.setItem(ZONE_KEY, zone)
    this.replace(zone)
  }
}

/** Whether the machine knows the zone: an address can carry any text. */
export function isZone(zone: unknown): zone is Zone {
  if (typeof zone !== 'string') return false
  if (zone === 'local' || zone === 'UTC') return true
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    // Waits for a RangeError: the zone is unknown, which is the answer.
    return false
  }
}
