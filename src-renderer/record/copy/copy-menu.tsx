/** The record as something to paste elsewhere. */
import { Menu } from '@mantine/core'
import { Copy } from 'lucide-react'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { copyText } from '../../ui/copy-text.ts'
import { formatCount } from '../../ui/format/number.ts'
import { useStore } from '../../ui/store.ts'
import type { RecordPlace } from '../panel-view.ts'
import type { DecodablePart, ShownRecord } from '../shown-record.ts'
import { curlRead, kcatRead, kcatWrite, recordJson, recordText, type Copied } from './copy-as.ts'

interface CopyMenuProps {
  readonly record: ShownRecord
  readonly linkTo: ((place: RecordPlace) => string) | undefined
}

export function CopyMenu({ record, linkTo }: CopyMenuProps) {
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <button
          type="button"
          className="button"
          data-kind="quiet"
          data-icon="only"
          aria-label={t('record.copy.title')}
          title={t('record.copy.title')}
        >
          <Copy size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <CopyItems record={record} linkTo={linkTo} />
      </Menu.Dropdown>
    </Menu>
  )
}

function CopyItems({ record, linkTo }: CopyMenuProps) {
  const [bootstrap = ''] = useCluster().bootstrap.split(',')
  return (
    <>
      <PartItem name={t('record.copy.value')} record={record} part="value" />
      <PartItem name={t('record.copy.key')} record={record} part="key" />
      <Menu.Divider />
      <CopyItem name={t('record.copy.text')} copied={recordText(record)} />
      <CopyItem name={t('record.copy.json')} copied={recordJson(record)} />
      <Menu.Divider />
      <CopyItem
        name={t('record.copy.kcatRead')}
        copied={{ type: 'text', text: kcatRead(record, bootstrap) }}
      />
      <CopyItem name={t('record.copy.kcatWrite')} copied={kcatWrite(record, bootstrap)} />
      <CurlItems record={record} />
      {linkTo !== undefined && (
        <>
          <Menu.Divider />
          <CopyItem
            name={t('record.copy.link')}
            copied={{ type: 'text', text: linkTo(record.place) }}
          />
        </>
      )}
    </>
  )
}

/** The address and the token of this start are asked for when the menu opens. */
function CurlItems({ record }: { readonly record: ShownRecord }) {
  const client = useClient()
  const { id: cluster } = useCluster()
  const held = useHeld(() => new AskedAnswer(client, 'app.control', {}), 'control')
  const { value: control, asking } = useStore(held)
  const copied = (part?: 'value'): Copied => {
    if (control === null) return { type: 'not-possible', why: 'no-address' }
    if (part === 'value' && record.detail.value === null)
      return { type: 'not-possible', why: 'null-value' }
    const text = curlRead(record, { cluster, control, ...(part === undefined ? {} : { part }) })
    return { type: 'text', text }
  }
  if (asking && control === null) return null
  return (
    <>
      <CopyItem name={t('record.copy.curlRead')} copied={copied()} />
      <CopyItem name={t('record.copy.curlValue')} copied={copied('value')} />
    </>
  )
}

interface PartItemProps {
  readonly name: string
  readonly record: ShownRecord
  readonly part: DecodablePart
}

function PartItem({ name, record, part }: PartItemProps) {
  const { decoded, decodedBytes, sizeBytes } = record.parts[part]
  const copied: Copied =
    decodedBytes < sizeBytes
      ? { type: 'not-possible', why: 'part-too-large' }
      : { type: 'text', text: decoded.form === 'null' ? 'null' : decoded.text }
  return <CopyItem name={name} copied={copied} />
}

function CopyItem({ name, copied }: { readonly name: string; readonly copied: Copied }) {
  if (copied.type === 'not-possible')
    return (
      <Menu.Item disabled title={t(`record.copy.whyNot.${copied.why}`)}>
        {name}
        <span className="copy-why">{t(`record.copy.whyNot.${copied.why}`)}</span>
      </Menu.Item>
    )
  const { text } = copied
  return (
    <Menu.Item
      onClick={() =>
        void copyText(text, t('record.copy.done', { name, characters: formatCount(text.length) }))
      }
    >
      {name}
    </Menu.Item>
  )
}
