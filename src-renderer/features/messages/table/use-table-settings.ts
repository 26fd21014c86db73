/** Columns and decoders: what of them is in the address, and what this browser keeps. */
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { DecoderChoice } from '../../../../src-main/contract/model/decode.ts'
import type { RowLook } from '../../../../src-main/contract/model/search.ts'
import { useLatest } from '../../../ui/use-latest.ts'
import { TableLayout } from '../../../ui/table/table-layout.ts'
import {
  fieldId,
  readFields,
  writeFields,
  type FieldColumn,
  type MessagesSearch,
} from '../query/address.ts'

type Change = (next: Partial<MessagesSearch>, replace?: boolean) => void

export interface TableSettings {
  readonly layout: TableLayout
  readonly fields: readonly FieldColumn[]
  readonly look: RowLook
  readonly addField: (field: FieldColumn) => void
  readonly removeField: (field: FieldColumn) => void
}

/** What was toggled by hand belongs into the address; what came from there is in it already. */
function writeColumns(
  layout: TableLayout,
  { cols, change }: { readonly cols: string | undefined; readonly change: Change },
): void {
  const toggled = layout.snapshot().toggled.join(',')
  if (toggled !== (cols ?? '')) change({ cols: toggled === '' ? undefined : toggled }, true)
}

export function useTableSettings(search: MessagesSearch, change: Change): TableSettings {
  const [layout] = useState(() => new TableLayout('messages', localStorage))
  const { cols } = search
  const address = useLatest({ cols, change })
  // A link's columns overrule what this browser kept; without any in the link these are in it.
  useEffect(() => {
    if (cols !== undefined) layout.take({ toggled: cols.split(',') })
    else writeColumns(layout, address.current)
  }, [cols, layout, address])
  useEffect(() => layout.subscribe(() => writeColumns(layout, address.current)), [layout, address])

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
