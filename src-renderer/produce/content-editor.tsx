/** A key, a value or a header's value: what it is, and the text of it. */
import { notifications } from '@mantine/notifications'
import { Braces, FileUp } from 'lucide-react'
import { useId, useRef, type Ref } from 'react'
import { DRAFT_BYTES_MAX } from '../../src-main/contract/api/produce.ts'
import { parseJson, printJson } from '../../src-main/contract/exact-json.ts'
import type { DraftProblem } from '../../src-main/contract/model/produce.ts'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { formatBytes } from '../ui/format/bytes.ts'
import {
  bytesOfForm,
  CONTENT_KINDS,
  contentForm,
  hasText,
  inKind,
  withLineEnds,
  type ContentForm,
  type ContentKind,
} from './content-form.ts'
import { ProblemLine } from './problem-line.tsx'

interface ContentEditorProps {
  readonly part: 'key' | 'value' | 'header'
  /** For screen readers, and above it except in a header's row. */
  readonly label: string
  readonly value: ContentForm
  readonly rows: number
  readonly problems: readonly DraftProblem[]
  readonly onChange: (value: ContentForm) => void
  readonly onFocus: (area: HTMLTextAreaElement) => void
}

/** A JSON text larger than this is not laid out anew while one waits. */
const FORMAT_CHARS_MAX = 2_000_000

export function ContentEditor(props: ContentEditorProps) {
  const { part, label, value, problems, onChange } = props
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const choose = (kind: ContentKind) => {
    if (kind === 'bytes' && value.bytes === null) file.current?.click()
    else onChange(inKind(value, kind))
  }
  const takeFile = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    if (chosen.size > DRAFT_BYTES_MAX) {
      const message = t('produce.fileTooLarge', { name: chosen.name })
      notifications.show({ color: 'red', message })
      return
    }
    const content = new Uint8Array(await chosen.arrayBuffer())
    onChange({ kind: 'bytes', text: '', bytes: { name: chosen.name, content } })
  }
  return (
    <div className="produce-content" data-part={part}>
      <div className="produce-content-head">
        {part !== 'header' && (
          <label className="section-title" htmlFor={id}>
            {label}
          </label>
        )}
        <KindSelect part={part} label={label} kind={value.kind} onChoose={choose} />
        {value.kind === 'json' && part === 'value' && (
          <Button
            kind="quiet"
            icon={<Braces size={14} aria-hidden />}
            title={t('produce.formatHint')}
            onClick={() => onChange({ ...value, text: formatted(value.text) })}
          >
            {t('produce.format')}
          </Button>
        )}
        {part !== 'header' && (
          <>
            <span className="spacer" />
            <span className="small faint">{sizeText(value)}</span>
            <Button
              kind="quiet"
              icon={<FileUp size={14} aria-hidden />}
              aria-label={t('produce.fromFile', { what: label })}
              title={t('produce.fromFile', { what: label })}
              onClick={() => file.current?.click()}
            />
          </>
        )}
        <input
          ref={file}
          type="file"
          hidden
          onChange={event => {
            void takeFile(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
      </div>
      <ContentText {...props} id={id} areaRef={area} />
      {problems.map((each, index) => (
        <ProblemLine key={index} problem={each} area={area} />
      ))}
    </div>
  )
}

interface KindSelectProps {
  readonly part: 'key' | 'value' | 'header'
  readonly label: string
  readonly kind: ContentKind
  readonly onChoose: (kind: ContentKind) => void
}

function KindSelect({ part, label, kind, onChoose }: KindSelectProps) {
  return (
    <select
      className="field produce-kind"
      aria-label={t('produce.kindOf', { what: label })}
      value={kind}
      onChange={event => onChoose(event.currentTarget.value as ContentKind)}
    >
      {CONTENT_KINDS.map(each => (
        <option key={each} value={each}>
          {each === 'null' ? t(`produce.nullOf.${part}`) : t(`produce.kind.${each}`)}
        </option>
      ))}
    </select>
  )
}

interface ContentTextProps extends ContentEditorProps {
  readonly id: string
  readonly areaRef: Ref<HTMLTextAreaElement>
}

function ContentText({
  part,
  label,
  value,
  rows,
  problems,
  onChange,
  onFocus,
  id,
  areaRef,
}: ContentTextProps) {
  const { kind, text, bytes } = value
  if (kind === 'bytes')
    return (
      <p className="produce-bytes">
        <span className="mono clip">{bytes?.name}</span>
        <span className="faint">{formatBytes(bytes?.content.length)}</span>
      </p>
    )
  const typed = hasText(value)
  return (
    <textarea
      id={id}
      ref={areaRef}
      className="field mono produce-text"
      rows={typed ? rows : 1}
      value={typed ? text : ''}
      // Typing into what is null makes a text of it: nothing else can be meant.
      placeholder={
        kind === 'null'
          ? t(`produce.nullPlaceholder.${part}`)
          : kind === 'empty'
            ? t(`produce.emptyPlaceholder.${part}`)
            : kind === 'text'
              ? t(`produce.emptyText.${part}`)
              : t(`produce.placeholder.${kind}`)
      }
      aria-label={part === 'header' ? label : undefined}
      aria-invalid={problems.length > 0 && text !== '' ? true : undefined}
      spellCheck={false}
      autoComplete="off"
      onFocus={event => onFocus(event.currentTarget)}
      onChange={event => {
        const next = withLineEnds(event.currentTarget.value, text)
        onChange(typed ? { ...value, text: next } : contentForm('text', next))
      }}
    />
  )
}

function sizeText(value: ContentForm): string {
  const bytes = bytesOfForm(value)
  return bytes === null || value.kind === 'bytes' ? '' : formatBytes(bytes.length)
}

/** Laid out anew, numbers as they were typed; text that is no JSON stays as it is. */
function formatted(text: string): string {
  if (text.length > FORMAT_CHARS_MAX) return text
  const reading = parseJson(text)
  if (reading.type !== 'json') return text
  const printed = printJson(reading.value)
  return printed === text ? compact(text) : printed
}

/** Without the white space outside of strings. */
function compact(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string: string | undefined) => string ?? '')
}
