/** The bytes round a place in them that is marked, sixteen to a line. */
import { Fragment } from 'react'
import type { BytesPreview } from '../../src-main/contract/model/record.ts'
import { t } from '../i18n/i18n.ts'
import { CopyButton } from './copy-button.tsx'
import { formatBytes } from './format/bytes.ts'
import { formatCount } from './format/number.ts'

const LINE_BYTES = 16
const LINES_SHOWN = 16
/** Lines above the marked field's first. */
const LINES_BEFORE = 2

export interface MarkedBytes {
  readonly name: string
  readonly start: number
  /** Null goes on to the last byte that is there. */
  readonly end: number | null
}

interface BytesAroundProps {
  readonly bytes: BytesPreview
  readonly marked: MarkedBytes | null
}

export function BytesAround({ bytes: { bytes, sizeBytes }, marked }: BytesAroundProps) {
  const first = Math.max(0, Math.floor((marked?.start ?? 0) / LINE_BYTES) - LINES_BEFORE)
  const from = marked?.start ?? 0
  const to = marked === null ? 0 : (marked.end ?? bytes.length)
  const lines = []
  for (let line = first; line < first + LINES_SHOWN && line * LINE_BYTES < bytes.length; line += 1)
    lines.push(<Line key={line} bytes={bytes} at={line * LINE_BYTES} from={from} to={to} />)
  return (
    <section className="bytes-around" aria-label={t('bytes.title')}>
      <header>
        <span className="faint">
          {marked === null
            ? t('bytes.whole', { size: formatBytes(sizeBytes) })
            : t('bytes.part', {
                name: marked.name,
                from,
                count: to - from,
                formatted: formatCount(to - from),
              })}
        </span>
        <CopyButton
          text={hex(marked === null ? bytes : bytes.subarray(from, Math.max(from, to)))}
          label={marked === null ? t('bytes.copyWhole') : t('bytes.copyPart')}
        />
      </header>
      <div className="mono bytes-lines" tabIndex={0}>
        {lines}
      </div>
    </section>
  )
}

interface LineProps {
  readonly bytes: Uint8Array
  readonly at: number
  readonly from: number
  readonly to: number
}

function Line({ bytes, at, from, to }: LineProps) {
  const places = Array.from(bytes.subarray(at, at + LINE_BYTES), (byte, index) => ({
    byte,
    marked: at + index >= from && at + index < to,
    index,
  }))
  return (
    <div>
      <span className="faint">{at.toString(16).padStart(6, '0')} </span>
      {places.map(({ byte, marked, index }) => (
        <Fragment key={index}>
          {index === LINE_BYTES / 2 && ' '}
          <span data-marked={marked || undefined}>{byte.toString(16).padStart(2, '0')} </span>
        </Fragment>
      ))}
      {'   '.repeat(LINE_BYTES - places.length)}
      {places.map(({ byte, marked, index }) => (
        <span key={index} data-marked={marked || undefined}>
          {byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·'}
        </span>
      ))}
    </div>
  )
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
