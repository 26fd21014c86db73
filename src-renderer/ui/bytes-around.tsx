/** Bytes with a part of them marked, and what the part is called: below a list of fields. */
import { useMemo } from 'react'
import type { BytesPreview } from '../../src-main/contract/model/record.ts'
import { t } from '../i18n/i18n.ts'
import { CopyButton } from './copy-button.tsx'
import { formatBytes } from './format/bytes.ts'
import { formatCount } from './format/number.ts'
import { HeldBytes } from './value/byte-source.ts'
import { HexView } from './value/hex-view.tsx'

/** A part of the bytes that has a name. */
export interface NamedBytes {
  readonly name: string
  readonly start: number
  /** Null goes on to the last byte that is there. */
  readonly end: number | null
}

interface BytesAroundProps {
  readonly bytes: BytesPreview
  readonly marked: NamedBytes | null
}

export function BytesAround({ bytes: { bytes, sizeBytes }, marked }: BytesAroundProps) {
  const source = useMemo(() => new HeldBytes(bytes), [bytes])
  const from = marked?.start ?? 0
  const to = marked === null ? bytes.length : Math.max(from, marked.end ?? bytes.length)
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
          text={hex(bytes.subarray(from, to))}
          label={marked === null ? t('bytes.copyWhole') : t('bytes.copyPart')}
        />
      </header>
      <HexView source={source} marked={marked === null ? null : { from, to }} />
    </section>
  )
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
