/** A key or value in one line of a table. Null, empty and text never look the same. */
import type { CellPreview } from '../../../../src-main/contract/model/record.ts'
import { t } from '../../../i18n/i18n.ts'
import { formatBytes } from '../../../ui/format/bytes.ts'
import { looksLikeJson, tokensOf } from '../../../ui/value/json-tokens.ts'
import '../../../ui/value/value.css'

/** More does not fit on any screen. */
const LINE_CHARS_MAX = 260

interface CellLineProps {
  readonly cell: CellPreview
  /** The word for null: a null value is a tombstone, a null key is just absent. */
  readonly nullWord: string
}

export function CellLine({ cell, nullWord }: CellLineProps) {
  if (cell.form === 'null') return <span className="absent">{nullWord}</span>
  if (cell.decoder === 'empty') return <span className="absent">{t('value.empty')}</span>
  const line = cell.text.slice(0, LINE_CHARS_MAX)
  if (cell.form === 'bytes')
    return (
      <span className="value-hex" title={t('value.notText', { size: formatBytes(cell.sizeBytes) })}>
        {line}
      </span>
    )
  if (cell.form === 'json' || looksLikeJson(line))
    return (
      <bdi className="value-text" dir="ltr">
        {tokensOf(line).map((token, place) => (
          // The tokens of a line never change their places.
          <span key={place} className={`json-${token.kind}`}>
            {token.text}
          </span>
        ))}
      </bdi>
    )
  // Right-to-left text keeps its own direction, and does not turn the line round.
  return (
    <bdi className="value-text" dir="auto">
      {line}
    </bdi>
  )
}
