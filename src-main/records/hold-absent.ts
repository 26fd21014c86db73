/**
 * A view some of whose partitions do not answer now. They stand still where the reader is, so that
 * the rows of the others keep their places and pages still tile; when they are back, what is on
 * screen is read anew.
 */
import type { Seek, ViewEnd } from '../contract/api/record.ts'
import { unpackCut } from '../contract/cut.ts'
import { larger, positionOf, type Offsets } from './cut.ts'
import type { RecordView } from './record-view.ts'
import { offsetsOf } from './slot.ts'

interface WhereTo {
  readonly from: Seek
  readonly until?: ViewEnd | undefined
}

export function holdAbsent(view: RecordView, to: WhereTo): RecordView {
  if (view.absent.size === 0) return view
  const held = heldOffsets(view, to)
  return {
    ...view,
    start: new Map([...view.start, ...held]),
    end: new Map([...view.end, ...held]),
  }
}

/** How far each absent partition is taken to be read at the place that is asked for. */
function heldOffsets({ slots, base, end, absent }: RecordView, { from, until }: WhereTo): Offsets {
  const known = until?.type === 'cut' ? offsetsOf(unpackCut(until.cut), slots) : base
  const lasts = new Map(
    [...absent].map(slot => [slot, larger(known.get(slot) ?? 0n, base.get(slot)!)]),
  )
  switch (from.type) {
    case 'cut': {
      const cut = offsetsOf(unpackCut(from.cut), slots)
      return new Map([...absent].map(slot => [slot, cut.get(slot) ?? base.get(slot)!]))
    }
    case 'newest':
      return lasts
    case 'position': {
      // As far as the place is through the whole view.
      const whole = positionOf(new Map([...end, ...lasts]), base)
      return new Map(
        [...lasts].map(([slot, last]) => {
          const first = base.get(slot)!
          const share = whole === 0n ? 0n : ((last - first) * from.position) / whole
          return [slot, first + (share > last - first ? last - first : share)]
        }),
      )
    }
    default:
      return new Map([...absent].map(slot => [slot, base.get(slot)!]))
  }
}
