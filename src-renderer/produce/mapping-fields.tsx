/** Which columns become key, value, headers, partition and timestamp. */
import { Plus, X } from 'lucide-react'
import { t } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { useStore } from '../ui/store.ts'
import { ENCODINGS, type FieldEncoding, type FieldMapping } from './file-mapping.ts'
import type { FileSession } from './file-session.ts'

interface MappingFieldsProps {
  readonly files: FileSession
  readonly columns: readonly string[]
}

export function MappingFields({ files, columns }: MappingFieldsProps) {
  const { mapping, format } = useStore(files)
  const csv = format.type === 'csv'
  const { key, value } = mapping
  return (
    <section className="produce-grid" aria-label={t('produce.map.label')}>
      <label className="produce-label" htmlFor="map-key">
        {t('produce.key')}
      </label>
      <div className="produce-controls">
        <ColumnSelect
          id="map-key"
          value={key.type === 'field' ? key.name : ''}
          columns={columns}
          others={[['', t('produce.map.noKey')]]}
          onChoose={name =>
            files.map({
              key: name === '' ? { type: 'none' } : { type: 'field', name, encoding: 'text' },
            })
          }
        />
        {key.type === 'field' && (
          <EncodingSelect
            label={t('produce.map.encodingOf', { what: t('produce.key') })}
            encoding={key.encoding}
            onChoose={encoding => files.map({ key: { ...key, encoding } })}
          />
        )}
      </div>
      <label className="produce-label" htmlFor="map-value">
        {t('produce.value')}
      </label>
      <div className="produce-controls">
        <ColumnSelect
          id="map-value"
          value={value.type === 'field' ? value.name : value.type === 'none' ? '\u0000none' : ''}
          columns={columns}
          others={[
            ['', csv ? t('produce.map.wholeRow') : t('produce.map.wholeLine')],
            ['\u0000none', t('produce.map.tombstones')],
          ]}
          onChoose={name => files.map({ value: valueOf(name, csv) })}
        />
        {value.type === 'field' && (
          <EncodingSelect
            label={t('produce.map.encodingOf', { what: t('produce.value') })}
            encoding={value.encoding}
            onChoose={encoding => files.map({ value: { ...value, encoding } })}
          />
        )}
      </div>
      <HeaderColumns files={files} mapping={mapping} columns={columns} csv={csv} />
      <label className="produce-label" htmlFor="map-partition">
        {t('produce.partition')}
      </label>
      <div className="produce-controls">
        <ColumnSelect
          id="map-partition"
          value={mapping.partitionField ?? ''}
          columns={columns}
          others={[['', t('produce.map.byPartitioner')]]}
          onChoose={name => files.map({ partitionField: name || null })}
        />
      </div>
      <label className="produce-label" htmlFor="map-timestamp">
        {t('produce.timestamp')}
      </label>
      <div className="produce-controls">
        <ColumnSelect
          id="map-timestamp"
          value={mapping.timestampField ?? ''}
          columns={columns}
          others={[['', t('produce.timestampNow')]]}
          onChoose={name => files.map({ timestampField: name || null })}
        />
        {csv && (
          <label className="produce-inline" title={t('produce.map.emptyHint')}>
            <span className="faint">{t('produce.map.empty')}</span>
            <select
              className="field"
              value={mapping.emptyAs}
              onChange={event =>
                files.map({ emptyAs: event.currentTarget.value as FieldMapping['emptyAs'] })
              }
            >
              <option value="null">{t('produce.map.emptyNull')}</option>
              <option value="empty">{t('produce.map.emptyEmpty')}</option>
            </select>
          </label>
        )}
      </div>
    </section>
  )
}

function valueOf(name: string, csv: boolean): FieldMapping['value'] {
  if (name === '') return { type: 'whole' }
  if (name === '\u0000none') return { type: 'none' }
  return { type: 'field', name, encoding: csv ? 'text' : 'json' }
}

interface HeaderColumnsProps extends MappingFieldsProps {
  readonly mapping: FieldMapping
  readonly csv: boolean
}

function HeaderColumns({ files, mapping, columns, csv }: HeaderColumnsProps) {
  const { headers, headersField } = mapping
  const free = columns.find(name => !headers.some(each => each.name === name))
  return (
    <>
      <span className="produce-label">{t('produce.headers')}</span>
      <div className="produce-controls" data-wrap>
        {!csv && (
          <ColumnSelect
            label={t('produce.map.headersField')}
            value={headersField ?? ''}
            columns={columns}
            others={[['', t('produce.map.noHeaders')]]}
            onChoose={name => files.map({ headersField: name || null })}
          />
        )}
        {headers.map(({ key, name }, index) => (
          <span key={index} className="produce-map-header">
            <input
              className="field mono"
              aria-label={t('produce.headerKey', { number: index + 1 })}
              value={key}
              onChange={event =>
                files.map({
                  headers: headers.with(index, { key: event.currentTarget.value, name }),
                })
              }
            />
            <span className="faint">=</span>
            <ColumnSelect
              label={t('produce.headerValue', { number: index + 1 })}
              value={name}
              columns={columns}
              others={[]}
              onChoose={chosen =>
                files.map({ headers: headers.with(index, { key, name: chosen }) })
              }
            />
            <Button
              kind="quiet"
              icon={<X size={14} aria-hidden />}
              aria-label={t('produce.removeHeader', { number: index + 1 })}
              onClick={() => files.map({ headers: headers.toSpliced(index, 1) })}
            />
          </span>
        ))}
        {free !== undefined && (
          <Button
            kind="quiet"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => files.map({ headers: [...headers, { key: free, name: free }] })}
          >
            {t('produce.addHeader')}
          </Button>
        )}
      </div>
    </>
  )
}

interface ColumnSelectProps {
  readonly id?: string
  readonly label?: string
  readonly value: string
  readonly columns: readonly string[]
  readonly others: readonly (readonly [value: string, text: string])[]
  readonly onChoose: (name: string) => void
}

function ColumnSelect({ id, label, value, columns, others, onChoose }: ColumnSelectProps) {
  const names =
    value === '' || value.startsWith('\u0000') || columns.includes(value)
      ? columns
      : [value, ...columns]
  return (
    <select
      id={id}
      className="field produce-column"
      aria-label={label}
      value={value}
      onChange={event => onChoose(event.currentTarget.value)}
    >
      {others.map(([other, text]) => (
        <option key={other} value={other}>
          {text}
        </option>
      ))}
      {names.map(name => (
        <option key={name} value={name}>
          {t('produce.map.column', { name })}
        </option>
      ))}
    </select>
  )
}

interface EncodingSelectProps {
  readonly label: string
  readonly encoding: FieldEncoding
  readonly onChoose: (encoding: FieldEncoding) => void
}

function EncodingSelect({ label, encoding, onChoose }: EncodingSelectProps) {
  return (
    <select
      className="field"
      aria-label={label}
      value={encoding}
      onChange={event => onChoose(event.currentTarget.value as FieldEncoding)}
    >
      {ENCODINGS.map(each => (
        <option key={each} value={each}>
          {t(`produce.kind.${each}`)}
        </option>
      ))}
    </select>
  )
}
