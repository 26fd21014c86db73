/** A key, a value or a header: decoded as tree, text or table, or as bytes; what fits comes first. */
import { Copy } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import { parseJson, printJson, type JsonValue } from '../../../src-main/contract/exact-json.ts'
import type { DecodedPart, DecoderChoice } from '../../../src-main/contract/model/decode.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { Segments } from '../../ui/segments.tsx'
import type { ByteSource } from '../../ui/value/byte-source.ts'
import { HexView } from '../../ui/value/hex-view.tsx'
import { JsonTree } from '../../ui/value/json-tree.tsx'
import type { JsonLine } from '../../ui/value/json-lines.ts'
import { TextView } from '../../ui/value/text-view.tsx'
import { DecodeNotes } from './decode-notes.tsx'
import { DecoderPicker, type PickablePart } from './decoder-picker.tsx'
import { tableOf } from './json-table.ts'
import { ValueTable } from './value-table.tsx'

export const PART_VIEWS = ['tree', 'text', 'table', 'bytes'] as const
export type PartViewName = (typeof PART_VIEWS)[number]

/** Larger documents are read as text: a tree of them would take the page's breath for seconds. */
const TREE_CHARS_MAX = 8_388_608
/** Pretty-printing beyond this is for an editor. */
const PRETTY_CHARS_MAX = 2_097_152

interface PartViewProps {
  readonly part: DecodedPart
  readonly pickable: PickablePart
  readonly choice: DecoderChoice
  readonly onChoice: (choice: DecoderChoice) => void
  readonly source: ByteSource
  /** What null means here, as a sentence. */
  readonly nullSentence: string
  readonly menuOf?: (line: JsonLine) => ReactNode
  /** Decodes the rest, where only the beginning was decoded. */
  readonly onDecodeAll?: () => void
  readonly loading?: boolean
}

export function PartView(props: PartViewProps) {
  const { part, source } = props
  const { decoded } = part
  const [wanted, setWanted] = useState<PartViewName | null>(null)
  const json = useMemo(
    () =>
      decoded.form === 'json' && decoded.text.length <= TREE_CHARS_MAX
        ? treeOf(decoded.text)
        : null,
    [decoded],
  )
  const table = useMemo(() => (json === null ? null : tableOf(json)), [json])
  if (decoded.form === 'null') return <p className="value-nothing absent">{props.nullSentence}</p>
  if (decoded.decoder === 'empty')
    return <p className="value-nothing absent">{t('value.emptySentence')}</p>

  const readable = decoded.form !== 'bytes'
  const whyNot: Readonly<Record<PartViewName, string | null>> = {
    tree: json === null ? whyNoTree(decoded.form, decoded.text.length) : null,
    text: readable ? null : t('part.whyNotText'),
    table: table === null ? t('part.whyNotTable') : null,
    bytes: null,
  }
  const structured = json !== null && (json.type === 'object' || json.type === 'array')
  const best: PartViewName = structured ? 'tree' : readable ? 'text' : 'bytes'
  const view = wanted !== null && whyNot[wanted] === null ? wanted : best
  return (
    <div className="value">
      <div className="value-bar">
        <ViewSwitch view={view} whyNot={whyNot} onView={setWanted} />
        <span className="value-how">
          <DecoderPicker
            pickable={props.pickable}
            choice={props.choice}
            used={decoded.decoder}
            failed={!readable && props.choice !== 'auto'}
            onChoice={props.onChoice}
          />
          <span
            className="faint value-size"
            title={t('part.sizeBytes', { formatted: formatCount(part.sizeBytes) })}
          >
            {formatBytes(part.sizeBytes)}
          </span>
        </span>
        <Button
          kind="quiet"
          className="button value-copy"
          icon={<Copy size={14} aria-hidden />}
          aria-label={t('part.copy')}
          title={t('part.copy')}
          whyNot={
            source.sizeBytes > COPY_BYTES_MAX && view === 'bytes' ? t('part.copyTooLarge') : null
          }
          onClick={() => void copyShown(view, decoded.text, json, source)}
        />
      </div>
      <DecodeNotes
        part={part}
        loading={props.loading === true}
        onDecodeAll={props.onDecodeAll}
        onChoice={props.onChoice}
      />
      <div className="value-body">
        {view === 'tree' && json !== null && (
          <JsonTree
            value={json}
            {...(props.menuOf === undefined ? {} : { menuOf: props.menuOf })}
          />
        )}
        {view === 'text' && <PrettyText text={decoded.text} json={json} />}
        {view === 'table' && table !== null && <ValueTable table={table} />}
        {view === 'bytes' && <HexView source={source} />}
      </div>
    </div>
  )
}

interface ViewSwitchProps {
  readonly view: PartViewName
  readonly whyNot: Readonly<Record<PartViewName, string | null>>
  readonly onView: (view: PartViewName) => void
}

function ViewSwitch({ view, whyNot, onView }: ViewSwitchProps) {
  return (
    <Segments
      label={t('value.as')}
      options={PART_VIEWS}
      value={view}
      word={each => t(`part.view.${each}`)}
      whyNot={each => whyNot[each]}
      onChange={onView}
    />
  )
}

/** JSON can be read as stored or indented; other text is as stored. */
function PrettyText({ text, json }: { readonly text: string; readonly json: JsonValue | null }) {
  const [stored, setStored] = useState(false)
  const pretty = useMemo(
    () => (json === null || text.length > PRETTY_CHARS_MAX ? null : printJson(json)),
    [json, text],
  )
  if (pretty === null || pretty === text) return <TextView text={text} />
  return (
    <>
      <label className="switch value-stored">
        <input
          type="checkbox"
          checked={stored}
          onChange={event => setStored(event.currentTarget.checked)}
        />
        {t('part.asStored')}
      </label>
      <div className="value-under-switch">
        <TextView text={stored ? text : pretty} />
      </div>
    </>
  )
}

const COPY_BYTES_MAX = 4_194_304

/** What is on the screen: JSON indented, text as it is, bytes as hexadecimal digits. */
async function copyShown(
  view: PartViewName,
  text: string,
  json: JsonValue | null,
  source: ByteSource,
): Promise<void> {
  if (view !== 'bytes') {
    await copyText(json === null || view === 'text' ? text : printJson(json))
    return
  }
  source.want(0, source.sizeBytes)
  const bytes = await whole(source)
  await copyText(Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(''))
}

function whole(source: ByteSource): Promise<Uint8Array> {
  return new Promise(resolve => {
    const take = () => {
      const bytes = source.at(0, source.sizeBytes)
      if (bytes === null) return false
      resolve(bytes)
      return true
    }
    if (take()) return
    const stop = source.subscribe(() => {
      if (take()) stop()
    })
  })
}

function treeOf(text: string): JsonValue | null {
  const reading = parseJson(text)
  return reading.type === 'json' ? reading.value : null
}

function whyNoTree(form: string, length: number): string {
  return form === 'json' && length > TREE_CHARS_MAX
    ? t('part.whyNotTreeLarge')
    : t('part.whyNotTree')
}
