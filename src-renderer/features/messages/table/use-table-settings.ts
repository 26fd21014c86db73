/** Columns and decoders: what of them is in the address, and what this browser keeps. */
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { DecoderChoice } from '../../../../src-main/contract/model/decode.ts'
import { useStore } from '../../../ui/store.ts'
import { TableLayout } from '../../../ui/table/table-layout.ts'
import {
  fieldId,
  readFields,
  writeFields,
  type FieldColumn,
  type MessagesSearch,
} from '../query/address.ts'
import type { RowLook } from './record-view-state.ts'

type Change = (next: Partial<MessagesSearch>, replace?: boolean) => void

export interface TableSettings {
  readonly layout: TableLayout
  readonly fields: readonly FieldColumn[]
  readonly look: RowLook
  readonly addField: (field: FieldColumn) => void
  readonly removeField: (field: FieldColumn) => void
}

export function useTableSettings(search: MessagesSearch, change: Change): TableSettings {
  const [layout] = useState(() => new TableLayout('messages', localStorage))
  const { toggled } = useStore(layout)
  const { cols } = search
  // A link's columns overrule what this browser kept; without any in the link nothing changes.
  useEffect(() => {
    if (cols !== undefined) layout.take({ toggled: cols.split(',') })
  }, [cols, layout])
  const written = toggled.join(',')
  useEffect(() => {
    if (written !== (cols ?? '')) change({ cols: written === '' ? undefined : written }, true)
    // Only what the reader toggles is written; what an address brings is taken above.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [written])

  const { fields: fieldText } = search
  const kd: DecoderChoice = search.kd ?? 'auto'
  const vd: DecoderChoice = search.vd ?? 'auto'
  const fields = useMemo(() => readFields(fieldText), [fieldText])
  const look = useMemo(() => ({ fields, decoders: { key: kd, value: vd } }), [fields, kd, vd])
  const set = useCallback(
    (next: readonly FieldColumn[]) => change({ fields: writeFields(next) }, true),
    [change],
  )
  const addField = useCallback(
    (field: FieldColumn) => {
      if (!fields.some(known => fieldId(known) === fieldId(field))) set([...fields, field])
    },
    [fields, set],
  )
  const removeField = useCallback(
    (field: FieldColumn) => set(fields.filter(known => fieldId(known) !== fieldId(field))),
    [fields, set],
  )
  return { layout, fields, look, addField, removeField }
}
