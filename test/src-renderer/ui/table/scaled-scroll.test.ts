import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AT_START,
  isScaled,
  physicalHeight,
  PHYSICAL_HEIGHT_MAX_PX,
  scrollBy,
  scrollRowToTop,
  scrollToPhysical,
  scrollToRow,
  settle,
  windowAt,
  type Extent,
  type ScrollPosition,
} from '../../../../src-renderer/ui/table/scaled-scroll.ts'

const extent: fc.Arbitrary<Extent> = fc.record({
  rowCount: fc.oneof(
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: 500_000, max: 2_000_000 }),
    fc.integer({ min: 10_000_000, max: 4_000_000_000 }),
  ),
  rowHeight: fc.constantFrom(20, 28),
  viewportHeight: fc.integer({ min: 60, max: 1_400 }),
})

type Move =
  | { readonly type: 'wheel'; readonly delta: number }
  | { readonly type: 'bar'; readonly share: number }
  | { readonly type: 'row'; readonly share: number }

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    type: fc.constant('wheel' as const),
    delta: fc.integer({ min: -3_000, max: 3_000 }),
  }),
  fc.record({
    type: fc.constant('bar' as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    type: fc.constant('row' as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
)

function after(position: ScrollPosition, next: Move, extent: Extent): ScrollPosition {
  switch (next.type) {
    case 'wheel':
      return scrollBy(position, next.delta, extent)
    case 'bar':
      return scrollToPhysical(position, next.share * barRange(extent), extent)
    case 'row':
      return scrollToRow(position, Math.floor(next.share * (extent.rowCount - 1)), extent)
  }
}

function barRange(extent: Extent): number {
  return Math.max(0, physicalHeight(extent) - extent.viewportHeight)
}

function lowest(extent: Extent): number {
  return Math.max(0, extent.rowCount * extent.rowHeight - extent.viewportHeight)
}

describe('scaled scrolling', () => {
  test('no element is higher than a browser draws', () => {
    fc.assert(
      fc.property(extent, extent => {
        expect(physicalHeight(extent)).toBeLessThanOrEqual(PHYSICAL_HEIGHT_MAX_PX)
      }),
    )
  })

  test('every row can be brought wholly into view from anywhere', () => {
    fc.assert(
      fc.property(
        extent,
        fc.array(move),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (extent, moves, share) => {
          const row = Math.floor(share * (extent.rowCount - 1))
          const start = moves.reduce((position, next) => after(position, next, extent), AT_START)
          const { virtualTop } = scrollToRow(start, row, extent)
          expect(virtualTop).toBeLessThanOrEqual(row * extent.rowHeight)
          expect(virtualTop + extent.viewportHeight).toBeGreaterThanOrEqual(
            (row + 1) * extent.rowHeight,
          )
          const { first, end } = windowAt({ virtualTop, physicalTop: 0 }, extent, 0)
          expect(first <= row && row < end).toBe(true)
        },
      ),
    )
  })

  test('the wheel reaches the row next to any, one pixel at a time or many', () => {
    fc.assert(
      fc.property(
        extent,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        (extent, share, rows) => {
          const before = scrollBy(AT_START, share * lowest(extent), extent)
          const wanted = Math.min(before.virtualTop + rows * extent.rowHeight, lowest(extent))
          expect(scrollBy(before, rows * extent.rowHeight, extent).virtualTop).toBeCloseTo(
            wanted,
            3,
          )
        },
      ),
    )
  })

  test('no sequence of moves leaves the table or the bar', () => {
    fc.assert(
      fc.property(extent, fc.array(move, { maxLength: 60 }), (extent, moves) => {
        let position = AT_START
        for (const next of moves) {
          position = after(position, next, extent)
          expect(position.virtualTop).toBeGreaterThanOrEqual(0)
          expect(position.virtualTop).toBeLessThanOrEqual(lowest(extent) + 1e-3)
          expect(position.physicalTop).toBeGreaterThanOrEqual(0)
          expect(position.physicalTop).toBeLessThanOrEqual(barRange(extent) + 1e-3)
        }
      }),
    )
  })

  test('both ends of the bar are both ends of the table', () => {
    fc.assert(
      fc.property(extent, extent => {
        const bottom = scrollToPhysical(AT_START, barRange(extent), extent)
        if (barRange(extent) >= 1) expect(windowAt(bottom, extent, 0).end).toBe(extent.rowCount)
        expect(scrollToPhysical(bottom, 0, extent).virtualTop).toBeCloseTo(0, 6)
      }),
    )
  })

  test('the echo of our own placing, rounded by the browser, moves nothing', () => {
    fc.assert(
      fc.property(extent, fc.double({ min: 0, max: 1, noNaN: true }), (extent, share) => {
        fc.pre(isScaled(extent))
        const placed = scrollBy(AT_START, share * lowest(extent), extent)
        expect(scrollToPhysical(placed, Math.round(placed.physicalTop), extent)).toBe(placed)
      }),
    )
  })

  test('another height of the window keeps the first visible row', () => {
    fc.assert(
      fc.property(
        extent,
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.integer({ min: 60, max: 1_400 }),
        (extent, share, viewportHeight) => {
          const before = scrollRowToTop(Math.floor(share * extent.rowCount), extent)
          const next = { ...extent, viewportHeight }
          const wanted = Math.min(before.virtualTop, lowest(next))
          expect(settle(before, next).virtualTop).toBeCloseTo(wanted, 3)
        },
      ),
    )
  })

  test('ten rows of a short table are all drawn at the top', () => {
    expect(windowAt(AT_START, { rowCount: 10, rowHeight: 28, viewportHeight: 600 }, 2)).toEqual({
      first: 0,
      end: 10,
      firstTop: 0,
    })
  })
})
