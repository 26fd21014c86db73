/** Bytes with their offsets, sixteen to a line or eight where it is narrow, beside their text. */
import { useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { t } from '../../i18n/i18n.ts'
import { physicalHeight, windowAt } from '../table/scaled-scroll.ts'
import { useRowScroller } from '../table/row-scroller.ts'
import './value.css'

const LINE_BYTES_WIDE = 16
const LINE_BYTES_NARROW = 8
/** What a line of sixteen takes. */
const WIDE_PX = 610
const LINE_HEIGHT_PX = 20

export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const scroller = useRef<HTMLDivElement>(null)
  const lineBytes = useLineBytes(scroller)
  const count = Math.ceil(bytes.length / lineBytes)
  const { position, extent } = useRowScroller(scroller, count, LINE_HEIGHT_PX, 0)
  const view = windowAt(position, extent, 10)
  const lines = []
  for (let index = view.first; index < view.end; index += 1) {
    const from = index * lineBytes
    const slice = bytes.subarray(from, from + lineBytes)
    lines.push(
      <div key={index} className="hex-line">
        <span className="hex-offset">{from.toString(16).padStart(8, '0')}</span>
        <span className="hex-bytes">{hexLine(slice, lineBytes)}</span>
        <span className="hex-text">{textLine(slice)}</span>
      </div>,
    )
  }
  return (
    <div ref={scroller} className="hex mono" tabIndex={0} aria-label={t('value.hex')} role="region">
      <div style={{ height: physicalHeight(extent) }}>
        <div className="json-window" style={{ height: extent.viewportHeight }}>
          <div style={{ transform: `translateY(${view.firstTop}px)` }}>{lines}</div>
        </div>
      </div>
    </div>
  )
}

function useLineBytes(place: RefObject<HTMLElement | null>): number {
  const [lineBytes, setLineBytes] = useState(LINE_BYTES_WIDE)
  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const measure = () =>
      setLineBytes(element.clientWidth >= WIDE_PX ? LINE_BYTES_WIDE : LINE_BYTES_NARROW)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return lineBytes
}

/** Groups of eight, padded so that the last line stands under the others. */
export function hexLine(bytes: Uint8Array, lineBytes: number): string {
  const pairs = Array.from({ length: lineBytes }, (_, place) => {
    const byte = bytes[place]
    const gap = place > 0 && place % 8 === 0 ? ' ' : ''
    return gap + (byte === undefined ? '  ' : byte.toString(16).padStart(2, '0'))
  })
  return pairs.join(' ')
}

export function textLine(bytes: Uint8Array): string {
  return Array.from(bytes, byte =>
    byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·',
  ).join('')
}

/** What 1, 2, 4 or 8 bytes are as the big-endian integers that Kafka's own serializers write. */
export function integerReading(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (bytes.length) {
    case 2:
      return `int16 ${view.getInt16(0)}`
    case 4:
      return `int32 ${view.getInt32(0)} · float ${view.getFloat32(0)}`
    case 8:
      return `int64 ${view.getBigInt64(0)} · double ${view.getFloat64(0)}`
    default:
      return null
  }
}
