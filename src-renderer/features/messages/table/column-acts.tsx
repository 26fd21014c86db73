/** Adds a column of one field, from what loaded records have or from what one types. */
import { Menu, Modal } from '@mantine/core'
import { Plus } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import { t } from '../../../i18n/i18n.ts'
import { fieldsOf } from '../filter/field-paths.ts'
import { fieldId, type FieldColumn } from '../query/address.ts'
import { readField } from '../query/condition-text.ts'
import type { TableSettings } from './use-table-settings.ts'

interface ColumnsOf {
  readonly loaded: () => Iterable<RecordRow>
  readonly settings: TableSettings
}

export function ColumnActs({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <>
      <Menu.Item closeMenuOnClick leftSection={<Plus size={13} aria-hidden />} onClick={onAdd}>
        {t('columns.add')}
      </Menu.Item>
      <Menu.Divider />
    </>
  )
}

interface AddColumnDialogProps extends ColumnsOf {
  readonly opened: boolean
  readonly onClose: () => void
}

/** Outside of the menu that opens it, which goes away when an item was chosen. */
export function AddColumnDialog({ opened, onClose, loaded, settings }: AddColumnDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={t('columns.add')} size="sm">
      {opened && <AddColumn loaded={loaded} settings={settings} onDone={onClose} />}
    </Modal>
  )
}

function AddColumn({ loaded, settings, onDone }: ColumnsOf & { readonly onDone: () => void }) {
  const [text, setText] = useState('')
  const [known] = useState(() => fieldsOf(loaded()))
  const shown = new Set(settings.fields.map(fieldId))
  const wanted = text.trim().toLowerCase()
  const found = known
    .filter(field => field.text.toLowerCase().includes(wanted))
    .filter(({ part, path }) => !shown.has(fieldId({ part, path })))
  const typed = readColumn(text.trim())
  const add = (field: FieldColumn) => {
    settings.addField(field)
    onDone()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed !== null) add(typed)
  }
  return (
    <form className="add-column" onSubmit={submit}>
      <label className="choice-form-label">
        {t('columns.path')}
        <input
          className="field mono"
          data-autofocus
          value={text}
          placeholder="order.items[0].sku"
          spellCheck={false}
          onChange={event => setText(event.currentTarget.value)}
        />
      </label>
      <p className="faint small">{t('columns.hint')}</p>
      <div className="choice-list" aria-label={t('columns.known')}>
        {found.map(({ part, path, text: name, count }) => (
          <button
            key={name}
            type="button"
            className="choice-item"
            onClick={() => add({ part, path })}
          >
            <span className="clip mono">{name}</span>
            <span className="spacer" />
            <span className="faint small">{t('columns.in', { count })}</span>
          </button>
        ))}
      </div>
      <div className="confirm-acts">
        <button type="submit" className="button" data-kind="primary" disabled={typed === null}>
          {t('columns.addOne')}
        </button>
      </div>
    </form>
  )
}

/** `status`, `key.id`, `headers.trace`; after `header:` any name of a header as it is. */
function readColumn(text: string): FieldColumn | null {
  if (text.startsWith('header:') && text.length > 7) return { part: 'header', path: text.slice(7) }
  const field = readField(text)
  return field === null || field.path === '' ? null : field
}
