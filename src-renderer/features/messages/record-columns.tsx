import type { RecordRow } from '../../../src-main/contract/model/record.ts'
import { t } from '../../i18n/i18n.ts'
import { placeHue } from '../../ui/broker-hue.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { formatTimestamp, type Zone } from '../../ui/format/time.ts'
import type { Column } from '../../ui/table/column.ts'
import { exactText } from '../../ui/value/decode.ts'
import { ValueLine } from '../../ui/value/value-line.tsx'
import type { RecordLine } from './record-view-state.ts'

/** Takes what a cell shows for a record; a line without a record says so once. */
function ofRecord(show: (row: RecordRow) => React.ReactNode, gap: React.ReactNode = null) {
  return (line: RecordLine) => ('gapAt' in line ? gap : show(line))
}

function textOf(text: (row: RecordRow) => string) {
  return (line: RecordLine) => ('gapAt' in line ? '' : text(line))
}

export function recordColumns(zone: Zone): readonly Column<RecordLine>[] {
  return [
    {
      id: 'partition',
      title: t('messages.partition'),
      hint: t('messages.partitionHint'),
      width: 72,
      text: textOf(row => String(row.partition)),
      cell: ofRecord(row => (
        <span
          className="partition-mark"
          style={{ '--hue': placeHue(row.partition).colour } as React.CSSProperties}
        >
          {row.partition}
        </span>
      )),
    },
    {
      id: 'offset',
      title: t('messages.offset'),
      width: 84,
      align: 'end',
      mono: true,
      text: textOf(row => row.offset.toString()),
      cell: ofRecord(row => row.offset.toString()),
    },
    {
      id: 'time',
      title: t('messages.time'),
      width: 184,
      text: textOf(row => row.timestampMs.toString()),
      cell: ofRecord(row => <Time row={row} zone={zone} />),
    },
    {
      id: 'key',
      title: t('messages.key'),
      width: 112,
      grow: 1,
      mono: true,
      text: textOf(row => exactText(row.key)),
      cell: ofRecord(row => <ValueLine preview={row.key} nullWord={t('messages.nullKey')} />),
    },
    {
      id: 'value',
      title: t('messages.value'),
      width: 116,
      grow: 6,
      mono: true,
      text: textOf(row => exactText(row.value)),
      cell: ofRecord(
        row => <ValueLine preview={row.value} nullWord={t('messages.tombstone')} />,
        <span className="absent">{t('messages.gap')}</span>,
      ),
    },
    {
      id: 'headers',
      title: t('messages.headers'),
      width: 76,
      align: 'end',
      hiddenAtFirst: true,
      text: textOf(row => String(row.headerCount)),
      cell: ofRecord(row => <span className="quiet">{formatCount(row.headerCount)}</span>),
    },
    {
      id: 'size',
      title: t('messages.size'),
      hint: t('messages.sizeHint'),
      width: 78,
      align: 'end',
      text: textOf(row => String(row.sizeBytes)),
      cell: ofRecord(row => (
        <span className="quiet" title={`${formatCount(row.sizeBytes)} B`}>
          {formatBytes(row.sizeBytes)}
        </span>
      )),
    },
  ]
}

/** Thousands are drawn while one scrolls, so this says nothing that is not looked at. */
function Time({ row, zone }: { readonly row: RecordRow; readonly zone: Zone }) {
  if (row.timestampType === 'none') return <span className="absent">{t('messages.noTime')}</span>
  return (
    <span className="tabular" title={t(`messages.timeType.${row.timestampType}`)}>
      {formatTimestamp(row.timestampMs, zone)}
    </span>
  )
}
