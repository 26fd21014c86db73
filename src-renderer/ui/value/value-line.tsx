/** A key or value in one line of a table. Null, empty and text never look the same. */
import type { BytesPreview } from '../../../src-main/contract/model/record.ts'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../format/bytes.ts'
import { decode, hexOf } from './decode.ts'
import { looksLikeJson, tokensOf } from './json-tokens.ts'
import './value.css'

const LINE_CHARS_MAX = 260
const LINE_BYTES_MAX = 64

interface ValueLineProps {
  readonly preview: BytesPreview | null
  /** The word for null: a null value is a tombstone, a null key is just absent. */
  readonly nullWord: string
}

export function ValueLine({ preview, nullWord }: ValueLineProps) {
  const decoded = decode(preview)
  switch (decoded.type) {
    case 'null':
      return <span className="absent">{nullWord}</span>
    case 'empty':
      return <span className="absent">{t('value.empty')}</span>
    case 'bytes':
      return (
        <span title={t('value.notText', { size: formatBytes(preview?.sizeBytes) })}>
          <span className="value-hex">{hexOf(decoded.bytes, LINE_BYTES_MAX)}</span>
        </span>
      )
    case 'text': {
      const line = decoded.text.slice(0, LINE_CHARS_MAX).replace(/\s+/g, ' ')
      const json = looksLikeJson(line)
      // Right-to-left text keeps its own direction, and does not turn the line or a document round.
      return (
        <bdi className="value-text" dir={json ? 'ltr' : 'auto'}>
          {json ? <JsonLine line={line} /> : line}
        </bdi>
      )
    }
  }
}

function JsonLine({ line }: { readonly line: string }) {
  return tokensOf(line).map((token, place) => (
    // The tokens of a line never change their places.
    <span key={place} className={`json-${token.kind}`}>
      {token.text}
    </span>
  ))
}
