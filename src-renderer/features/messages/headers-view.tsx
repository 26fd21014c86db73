import { useState } from 'react'
import type { RecordHeader } from '../../../src-main/contract/model/record.ts'
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { exactText } from '../../ui/value/decode.ts'
import { ValueLine } from '../../ui/value/value-line.tsx'
import { ValueView } from '../../ui/value/value-view.tsx'

/** Headers in their stored order, since a key may occur more than once. */
export function HeadersView({ headers }: { readonly headers: readonly RecordHeader[] }) {
  const [opened, setOpened] = useState<number | null>(null)
  if (headers.length === 0)
    return <p className="value-nothing absent">{t('inspector.noHeaders')}</p>
  return (
    <ul className="headers">
      {headers.map((header, place) => (
        // A record's headers never change their places.
        <li key={place}>
          <div className="header-line">
            <button
              type="button"
              className="header-open"
              aria-expanded={opened === place}
              onClick={() => setOpened(opened === place ? null : place)}
            >
              <span className="mono header-key clip" title={header.key}>
                {header.key === '' ? t('value.empty') : header.key}
              </span>
              <span className="mono clip">
                <ValueLine preview={header.value} nullWord="null" />
              </span>
            </button>
            <CopyButton
              text={exactText(header.value)}
              label={t('inspector.copyHeader', { key: header.key })}
            />
          </div>
          {opened === place && (
            <div className="header-value">
              <ValueView preview={header.value} nullSentence={t('inspector.nullHeader')} />
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}
