/** The columns of the table of records. */
import type { CellPreview } from '../../../../src-main/contract/model/record.ts'
import { t } from '../../../i18n/i18n.ts'
import { placeHue } from '../../../ui/broker-hue.ts'
import { formatBytes } from '../../../ui/format/bytes.ts'
import { formatCount } from '../../../ui/format/number.ts'
import { formatTimeOfDay, formatTimestamp, type Zone } from '../../../ui/format/time.ts'
import type { Column } from '../../../ui/table/column.ts'
import { fieldId, type FieldColumn } from '../query/address.ts'
import { fieldText } from '../query/condition-text.ts'
import { CellLine } from './cell-line.tsx'
import type { RecordLine, ShownRow } from './record-line.ts'

export interface ColumnsWish {
  readonly zone: Zone
  /** Several topics are merged. */
  readonly severalTopics: boolean
  readonly fields: readonly FieldColumn[]
  readonly onRemoveField: (field: FieldColumn) => void
  /** Beside an open panel on a small screen: the value gets the room. */
  readonly narrow: boolean
  /** Digits of the largest offset. */
  readonly offsetDigits: number
  readonly sortable: boolean
}

/** Takes what a cell shows for a record; a line without a record says so once. */
function ofRecord(show: (row: ShownRow) => React.ReactNode, gap: React.ReactNode = null) {
  return (line: RecordLine) => ('gapAt' in line ? gap : show(line))
}

function textOf(text: (row: ShownRow) => string) {
  return (line: RecordLine) => ('gapAt' in line ? '' : text(line))
}

export function recordColumns(wish: ColumnsWish): readonly Column<RecordLine>[] {
  const { narrow, fields } = wish
  return [
    partitionColumn(narrow),
    ...(wish.severalTopics ? [topicColumn(narrow)] : []),
    {
      id: 'offset',
      title: t('messages.offset'),
      width: Math.max(narrow ? 60 : 84, wish.offsetDigits * 7.6 + 18),
      align: 'end',
      mono: true,
      text: textOf(row => row.offset.toString()),
      cell: ofRecord(row => row.offset.toString()),
    },
    {
      id: 'time',
      title: t('messages.time'),
      width: narrow ? 104 : 184,
      sortable: wish.sortable,
      text: textOf(row => row.timestampMs.toString()),
      cell: ofRecord(row => <Time row={row} zone={wish.zone} narrow={narrow} />),
    },
    {
      id: 'key',
      title: t('messages.key'),
      width: narrow ? 96 : 162,
      grow: 1,
      mono: true,
      text: textOf(row => cellText(row.key)),
      cell: ofRecord(row => <CellLine cell={row.key} nullWord={t('messages.nullKey')} />),
    },
    ...fields.map((field, place) => fieldColumn(field, place, wish.onRemoveField)),
    {
      id: 'value',
      title: t('messages.value'),
      width: 160,
      grow: 6,
      mono: true,
      text: textOf(row => cellText(row.value)),
      cell: ofRecord(
        row => <CellLine cell={row.value} nullWord={t('messages.tombstone')} />,
        <span className="absent">{t('messages.gap')}</span>,
      ),
    },
    {
      id: 'headers',
      title: t('messages.headers'),
      width: 160,
      hiddenAtFirst: true,
      mono: true,
      text: textOf(row => row.headers),
      cell: ofRecord(row => <span className="quiet">{row.headers}</span>),
    },
    sizeColumn('key-size', t('messages.keySize'), row => row.key.sizeBytes, true),
    sizeColumn('value-size', t('messages.valueSize'), row => row.value.sizeBytes, true),
    ...(narrow ? [] : [sizeColumn('size', t('messages.size'), row => row.sizeBytes, false)]),
    {
      id: 'codec',
      title: t('messages.codec'),
      width: 72,
      hiddenAtFirst: true,
      text: textOf(row => row.codec),
      cell: ofRecord(row => <span className="quiet">{row.codec}</span>),
    },
    {
      id: 'producer',
      title: t('messages.producer'),
      hint: t('messages.producerHint'),
      width: 84,
      align: 'end',
      mono: true,
      hiddenAtFirst: true,
      text: textOf(row => row.producerId?.toString() ?? ''),
      cell: ofRecord(row =>
        row.producerId === null ? (
          <span className="absent" title={t('messages.noProducer')}>
            –
          </span>
        ) : (
          row.producerId.toString()
        ),
      ),
    },
  ]
}

function partitionColumn(narrow: boolean): Column<RecordLine> {
  return {
    id: 'partition',
    title: narrow ? t('messages.partitionShort') : t('messages.partition'),
    hint: t('messages.partitionHint'),
    width: narrow ? 52 : 72,
    text: textOf(row => String(row.partition)),
    cell: ofRecord(row => (
      <span
        className="partition-mark"
        style={{ '--hue': placeHue(row.partition).colour } as React.CSSProperties}
      >
        {row.partition}
      </span>
    )),
  }
}

function topicColumn(narrow: boolean): Column<RecordLine> {
  return {
    id: 'topic',
    title: t('messages.topic'),
    width: narrow ? 90 : 140,
    text: textOf(row => row.topic),
    cell: ofRecord(row => <span title={row.topic}>{row.topic}</span>),
  }
}

function fieldColumn(
  field: FieldColumn,
  place: number,
  onRemove: (field: FieldColumn) => void,
): Column<RecordLine> {
  const title = fieldText(field.part, field.path)
  return {
    id: `field:${fieldId(field)}`,
    title,
    hint: title,
    width: 120,
    mono: true,
    text: textOf(row => row.fields[place] ?? ''),
    cell: ofRecord(row => {
      const text = row.fields[place]
      // A row that was found without this column is being read again.
      if (text === undefined)
        return (
          <span className="absent" title={t('messages.fieldWaiting')}>
            …
          </span>
        )
      return text === null ? (
        <span className="absent" title={t('messages.noField')}>
          –
        </span>
      ) : (
        <bdi title={text}>{text}</bdi>
      )
    }),
    remove: () => onRemove(field),
  }
}

function sizeColumn(
  id: string,
  title: string,
  sizeOf: (row: ShownRow) => number,
  hiddenAtFirst: boolean,
): Column<RecordLine> {
  return {
    id,
    title,
    hint: id === 'size' ? t('messages.sizeHint') : title,
    width: 78,
    align: 'end',
    ...(hiddenAtFirst ? { hiddenAtFirst } : {}),
    text: textOf(row => String(sizeOf(row))),
    cell: ofRecord(row => (
      <span className="quiet" title={`${formatCount(sizeOf(row))} B`}>
        {formatBytes(sizeOf(row))}
      </span>
    )),
  }
}

interface TimeProps {
  readonly row: ShownRow
  readonly zone: Zone
  readonly narrow: boolean
}

/** Thousands are drawn while one scrolls, so this says nothing that is not looked at. */
function Time({ row, zone, narrow }: TimeProps) {
  if (row.timestampType === 'none') return <span className="absent">{t('messages.noTime')}</span>
  const whole = formatTimestamp(row.timestampMs, zone)
  const said = t(`messages.timeType.${row.timestampType}`)
  return (
    <span className="tabular" title={narrow ? `${whole} · ${said}` : said}>
      {narrow ? formatTimeOfDay(row.timestampMs, zone) : whole}
    </span>
  )
}

/** For copying: what the line shows, where it is not cut off. */
function cellText(cell: CellPreview): string {
  if (cell.form === 'null') return 'null'
  return cell.truncated ? `${cell.text}…` : cell.text
}
