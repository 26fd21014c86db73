/** How the rows of a view are shown: which decoders, which columns, how much of a value. */
import { readFieldPath, type FieldPath } from '../contract/field-path.ts'
import { ContractError } from '../contract/define.ts'
import type { FieldColumn } from '../contract/api/record.ts'
import type { DecoderChoice } from '../contract/model/decode.ts'

/** What one line of a table is made from. */
export const PREVIEW_BYTES = 2_048

export interface ShowOptions {
  readonly key: DecoderChoice
  readonly value: DecoderChoice
  readonly previewBytes: number
  readonly fields: readonly ShownField[]
}

export type ShownField =
  | { readonly part: 'key' | 'value'; readonly path: FieldPath }
  | { readonly part: 'header'; readonly name: string }

/** Throws a `ContractError` INVALID_INPUT where a field's path is none. */
export function showOptions({
  decoders = { key: 'auto', value: 'auto' },
  fields = [],
  previewBytes = PREVIEW_BYTES,
}: {
  readonly decoders?: { readonly key: DecoderChoice; readonly value: DecoderChoice }
  readonly fields?: readonly FieldColumn[]
  readonly previewBytes?: number
}): ShowOptions {
  return { ...decoders, previewBytes, fields: fields.map(shownField) }
}

function shownField({ part, path }: FieldColumn): ShownField {
  if (part === 'header') return { part, name: path }
  const reading = readFieldPath(path)
  if (reading.type === 'path') return { part, path: reading.path }
  throw new ContractError({
    code: 'INVALID_INPUT',
    message: `field ${path}, character ${reading.position + 1}: ${reading.reason}`,
  })
}
