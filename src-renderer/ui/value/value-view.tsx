/** A key, value or header in full: as a tree, as text, or as bytes; what fits is chosen first. */
import { useMemo, useState } from 'react'
import type { BytesPreview } from '../../../src-main/contract/model/record.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../button.tsx'
import { copyText } from '../copy-text.ts'
import { formatBytes } from '../format/bytes.ts'
import { formatCount } from '../format/number.ts'
import { decode } from './decode.ts'
import { HeldBytes } from './byte-source.ts'
import { HexView } from './hex-view.tsx'
import { JsonTree } from './json-tree.tsx'
import { looksLikeJson } from './json-tokens.ts'
import { parseJson, printJson, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import { TextView } from './text-view.tsx'
import './value.css'

const VIEWS = ['tree', 'text', 'hex'] as const
type View = (typeof VIEWS)[number]

interface ValueViewProps {
  readonly preview: BytesPreview | null
  /** What null means here, as a sentence. */
  readonly nullSentence: string
  /** Fetches the rest, where only the beginning is there. */
  readonly onLoadRest?: () => void
  readonly loading?: boolean
}

export function ValueView({ preview, nullSentence, onLoadRest, loading }: ValueViewProps) {
  const [wanted, setWanted] = useState<View | null>(null)
  const decoded = useMemo(() => decode(preview), [preview])
  const json = useMemo(() => (decoded.type === 'text' ? jsonOf(decoded.text) : null), [decoded])
  if (preview === null || decoded.type === 'null')
    return <p className="value-nothing absent">{nullSentence}</p>
  if (decoded.type === 'empty')
    return <p className="value-nothing absent">{t('value.emptySentence')}</p>

  const possible: Readonly<Record<View, boolean>> = {
    tree: json !== null,
    text: decoded.type === 'text',
    hex: true,
  }
  const best: View = json !== null ? 'tree' : decoded.type === 'text' ? 'text' : 'hex'
  const view = wanted !== null && possible[wanted] ? wanted : best
  const partial = preview.bytes.length < preview.sizeBytes
  const source = new HeldBytes(preview.bytes)
  return (
    <div className="value">
      <div className="value-bar">
        <div className="segments" role="radiogroup" aria-label={t('value.as')}>
          {VIEWS.map(each => (
            <button
              key={each}
              type="button"
              role="radio"
              aria-checked={each === view}
              disabled={!possible[each]}
              title={
                possible[each] ? undefined : t(`value.whyNot.${each === 'tree' ? 'tree' : 'text'}`)
              }
              onClick={() => setWanted(each)}
            >
              {t(`value.view.${each}`)}
            </button>
          ))}
        </div>
        <span className="faint clip" title={`${formatCount(preview.sizeBytes)} B`}>
          {formatBytes(preview.sizeBytes)}
        </span>
        <span className="spacer" />
        <Button kind="quiet" onClick={() => void copyText(copyOf(view, decoded, json))}>
          {t('copy.copy')}
        </Button>
      </div>
      {partial && (
        <div className="value-partial">
          {t('value.partial', {
            shown: formatBytes(preview.bytes.length),
            all: formatBytes(preview.sizeBytes),
          })}
          {onLoadRest !== undefined && (
            <Button
              kind="quiet"
              onClick={onLoadRest}
              whyNot={loading === true ? t('value.loading') : null}
            >
              {t('value.loadAll', { all: formatBytes(preview.sizeBytes) })}
            </Button>
          )}
        </div>
      )}
      <div className="value-body">
        {view === 'tree' && json !== null && <JsonTree value={json} />}
        {view === 'text' && decoded.type === 'text' && <TextView text={decoded.text} />}
        {view === 'hex' && <HexView source={source} />}
      </div>
    </div>
  )
}

/** Objects, arrays, and bare values alike, but a plain word is not worth a tree. */
function jsonOf(text: string): JsonValue | null {
  if (!looksLikeJson(text)) return null
  const reading = parseJson(text)
  return reading.type === 'json' ? reading.value : null
}

function copyOf(view: View, decoded: ReturnType<typeof decode>, json: JsonValue | null): string {
  if (view === 'tree' && json !== null) return printJson(json)
  if (view === 'text' && decoded.type === 'text') return decoded.text
  if (decoded.type === 'text') return hexText(new TextEncoder().encode(decoded.text))
  return decoded.type === 'bytes' ? hexText(decoded.bytes) : ''
}

function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
