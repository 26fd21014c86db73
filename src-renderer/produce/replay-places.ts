/** Records that a page has chosen to be sent once more; the replay tab of the panel takes them up. */
import { Store } from '../ui/store.ts'

export interface ReplayPlaces {
  readonly cluster: string
  readonly topic: string
  readonly places: readonly { readonly partition: number; readonly offset: bigint }[]
}

class ReplayPlacesStore extends Store<ReplayPlaces | null> {
  constructor() {
    super(null)
  }

  set(places: ReplayPlaces | null): void {
    this.replace(places)
  }
}

export const replayPlaces = new ReplayPlacesStore()

/** Then open the panel with `produce=replay`. */
export function setReplayPlaces(places: ReplayPlaces | null): void {
  replayPlaces.set(places)
}
