/** Bytes with their offsets, sixteen to a line or eight where it is narrow, beside their text. */
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { t } from '../../i18n/i18n.ts'
import { useStore } from '../store.ts'
import { physicalHeight, windowAt } from '../table/scaled-scroll.ts'
import { useRowScroller } from '../table/row-scroller.ts'
import type { ByteSource } from './byte-source.ts'
import './value.css'

const LINE_BYTES_WIDE = 16
const LINE_BYTES_NARROW = 8
/** What a line of sixteen takes. */
const WIDE_PX = 610
const LINE_HEIGHT_PX = 20
const OVERSCAN_LINES = 10

export interface MarkedBytes {
  readonly from: number
  /** Past the last. */
  readonly to: number
}

interface HexViewProps {
  readonly source: ByteSource
  /** Bytes that stand out; another range is brought into view. */
  readonly marked?: MarkedBytes | null
}

export function HexView({ source, marked = null }: HexViewProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const lineBytes = useLineBytes(scroller)
  const count = Math.ceil(source.sizeBytes / lineBytes)
  const { position, extent, showRow } = useRowScroller(scroller, count, LINE_HEIGHT_PX, 0)
  useStore(source)
  const view = windowAt(position, extent, OVERSCAN_LINES)
  const from = view.first * lineBytes
  const to = Math.min(view.end * lineBytes, source.sizeBytes)
  useEffect(() => {
    if (to > from) source.want(from, to)
  }, [source, from, to])

  const markedLine = marked === null ? null : Math.floor(marked.from / lineBytes)
  useEffect(() => {
    if (markedLine !== null) showRow(markedLine)
  }, [markedLine, showRow])

  const lines = []
  for (let index = view.first; index < view.end; index += 1) {
    const at = index * lineBytes
    const slice = source.at(at, Math.min(at + lineBytes, source.sizeBytes))
    lines.push(
      <div key={index} className="hex-line">
        <span className="hex-offset">{at.toString(16).padStart(8, '0')}</span>
        <span className="hex-bytes">
          {slice === null ? '…' : markedHex(slice, lineBytes, at, marked)}
        </span>
        <span className="hex-text">{slice === null ? '' : markedText(slice, at, marked)}</span>
      </div>,
    )
  }
  const pageLines = Math.max(1, Math.floor(extent.viewportHeight / LINE_HEIGHT_PX) - 1)
  return (
    <div
      ref={scroller}
      className="hex mono"
      tabIndex={0}
      aria-label={t('value.hex')}
      role="region"
      onKeyDown={event => {
        const first = Math.ceil(position.virtualTop / LINE_HEIGHT_PX)
        const line = lineAfter(event.key, { first, pageLines, count })
        if (line === null) return
        event.preventDefault()
        event.stopPropagation()
        showRow(line, 'start')
      }}
    >
      <div style={{ height: physicalHeight(extent) }}>
        <div className="json-window" style={{ height: extent.viewportHeight }}>
          <div style={{ transform: `translateY(${view.firstTop}px)` }}>{lines}</div>
        </div>
      </div>
    </div>
  )
}

/** A byte takes two characters and a space, and one more space before each eight. */
function markedHex(bytes: Uint8Array, lineBytes: number, at: number, marked: MarkedBytes | null) {
  const line = hexLine(bytes, lineBytes)
  const range = within(bytes.length, at, marked)
  if (range === null) return line
  const columnOf = (place: number) => place * 3 + Math.floor(place / 8)
  return markedPart(line, columnOf(range.from), columnOf(range.to - 1) + 2)
}

function markedText(bytes: Uint8Array, at: number, marked: MarkedBytes | null) {
  const range = within(bytes.length, at, marked)
  return range === null ? textLine(bytes) : markedPart(textLine(bytes), range.from, range.to)
}

function markedPart(line: string, from: number, to: number) {
  return (
    <>
      {line.slice(0, from)}
      <mark>{line.slice(from, to)}</mark>
      {line.slice(to)}
    </>
  )
}

/** The marked bytes of one line, counted from its beginning. */
function within(length: number, at: number, marked: MarkedBytes | null): MarkedBytes | null {
  if (marked === null) return null
  const from = Math.max(0, marked.from - at)
  const to = Math.min(length, marked.to - at)
  return from < to ? { from, to } : null
}

interface Lines {
  readonly first: number
  readonly pageLines: number
  readonly count: number
}

/** The line that stands at the top after a key, or null for a key that is not ours. */
function lineAfter(key: string, { first, pageLines, count }: Lines): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(first + 1, count - 1)
    case 'ArrowUp':
      return Math.max(first - 1, 0)
    case 'PageDown':
      return Math.min(first + pageLines, count - 1)
    case 'PageUp':
      return Math.max(first - pageLines, 0)
    case 'Home':
      return 0
    case 'End':
      return Math.max(0, count - 1)
    default:
      return null
  }
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
