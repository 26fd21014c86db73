/** What can be done with a field that one points at: narrow to it, leave it out, make it a column. */
import { Menu } from '@mantine/core'
import { Ellipsis } from 'lucide-react'
import type { JsonValue } from '../../src-main/contract/exact-json.ts'
import { writeFieldPath, type FieldPath } from '../../src-main/contract/field-path.ts'
import { t } from '../i18n/i18n.ts'
import { pathOf, type JsonLine } from '../ui/value/json-lines.ts'
import { shortOf } from '../ui/value/json-tree.tsx'
import type { FieldAct, PanelField } from './panel-view.ts'

type OnField = (act: FieldAct, field: PanelField) => void

/** The items for one line of a tree. */
export function fieldMenu(part: 'key' | 'value', line: JsonLine, onField: OnField) {
  const path = pathOf(line)
  const field = fieldAt(part, path, line.value)
  const everywhere = path.some(step => step.type === 'place')
    ? fieldAt(part, anyPlace(path), line.value)
    : null
  return (
    <>
      <FieldItems field={field} shown={shortOf(line.value)} onField={onField} />
      {everywhere !== null && line.branch === null && (
        <Menu.Item onClick={() => onField('only', everywhere)}>
          {t('record.field.onlyAnywhere', { path: everywhere.path })}
        </Menu.Item>
      )}
      <Menu.Divider />
    </>
  )
}

/** What a condition may compare with. */
const CONDITION_CHARS_MAX = 10_000

interface FieldItemsProps {
  readonly field: PanelField
  readonly shown: string
  readonly onField: OnField
}

function FieldItems({ field, shown, onField }: FieldItemsProps) {
  const comparable =
    field.type !== 'object' && field.type !== 'array' && field.value.length <= CONDITION_CHARS_MAX
  return (
    <>
      {comparable && (
        <>
          <Menu.Item onClick={() => onField('only', field)}>
            {t('record.field.only', { value: shown })}
          </Menu.Item>
          <Menu.Item onClick={() => onField('not', field)}>
            {t('record.field.not', { value: shown })}
          </Menu.Item>
        </>
      )}
      {field.path !== '' && (
        <Menu.Item onClick={() => onField('column', field)}>{t('record.field.column')}</Menu.Item>
      )}
    </>
  )
}

interface FieldMenuButtonProps {
  readonly field: PanelField
  readonly onField: OnField
}

const SHOWN_CHARS_MAX = 40

/** The same for a header. */
export function FieldMenuButton({ field, onField }: FieldMenuButtonProps) {
  const { value } = field
  const shown = value.length > SHOWN_CHARS_MAX ? `${value.slice(0, SHOWN_CHARS_MAX)}…` : value
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button
          type="button"
          className="copy-button"
          aria-label={t('record.field.acts', { path: field.path })}
          title={t('record.field.acts', { path: field.path })}
        >
          <Ellipsis size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <FieldItems field={field} shown={shown} onField={onField} />
      </Menu.Dropdown>
    </Menu>
  )
}

function fieldAt(part: 'key' | 'value', path: FieldPath, value: JsonValue): PanelField {
  const place = { part, path: writeFieldPath(path) }
  switch (value.type) {
    case 'string':
      return { ...place, type: 'string', value: value.value }
    case 'number':
      return { ...place, type: 'number', value: value.text }
    case 'word':
      return { ...place, type: value.text === 'null' ? 'null' : 'boolean', value: value.text }
    case 'object':
    case 'array':
      return { ...place, type: value.type, value: '' }
  }
}

/** `items[0].sku` as `items[*].sku`: whichever item it is. */
function anyPlace(path: FieldPath): FieldPath {
  return path.map(step => (step.type === 'place' ? { type: 'each' } : step))
}
