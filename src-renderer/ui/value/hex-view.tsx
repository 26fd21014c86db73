/** Bytes with their offsets, sixteen to a line, beside what they would be as text. */
import { useRef } from 'react'
import { t } from '../../i18n/i18n.ts'
import { physicalHeight, windowAt } from '../table/scaled-scroll.ts'
import { useScaledScroll } from '../table/use-scaled-scroll.ts'
import './value.css'

const LINE_BYTES = 16
const LINE_HEIGHT_PX = 20

export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const scroller = useRef<HTMLDivElement>(null)
  const count = Math.ceil(bytes.length / LINE_BYTES)
  const { position, extent } = useScaledScroll(scroller, count, LINE_HEIGHT_PX, 0)
  const view = windowAt(position, extent, 10)
  const lines = []
  for (let index = view.first; index < view.end; index += 1) {
    const from = index * LINE_BYTES
    const slice = bytes.subarray(from, from + LINE_BYTES)
    lines.push(
      <div key={index} className="hex-line">
        <span className="hex-offset">{from.toString(16).padStart(8, '0')}</span>
        <span className="hex-bytes">{hexLine(slice)}</span>
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

/** Two groups of eight, padded so that the last line stands under the others. */
export function hexLine(bytes: Uint8Array): string {
  const pairs = Array.from({ length: LINE_BYTES }, (_, place) => {
    const byte = bytes[place]
    return byte === undefined ? '  ' : byte.toString(16).padStart(2, '0')
  })
  return `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`
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
