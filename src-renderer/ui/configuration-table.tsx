/** Configurations as they are, with where each value comes from. Topics and brokers share it. */
import { useMemo, useRef } from 'react'
import type { ConfigurationEntry } from '../../src-main/contract/model/configuration.ts'
import { t } from '../i18n/i18n.ts'
import { Button } from './button.tsx'
import { valueAfter, type PreparedByName } from './configuration/prepared.ts'
import { FilterField } from './filter-field.tsx'
import { formatBytes } from './format/bytes.ts'
import { formatDuration } from './format/duration.ts'
import { Explanation } from './explanation.tsx'
import { UNKNOWN } from './format/number.ts'
import { nameFilter, type NameFilter } from './name-filter.ts'
import { Empty } from './state/states.tsx'
import { ArrayRows, type Column } from './table/column.ts'
import { DataTable } from './table/data-table.tsx'

interface ConfigurationTableProps {
  readonly id: string
  readonly entries: readonly ConfigurationEntry[]
  readonly filter: string
  readonly onlyChanged: boolean
  readonly onFilter: (text: string) => void
  readonly onOnlyChanged: (only: boolean) => void
  /** The configuration under the cursor. */
  readonly active?: string | null
  readonly onActive?: (name: string | null) => void
  /** Changes that are not made yet; their rows show what they would come to. */
  readonly prepared?: PreparedByName
}

const NOTHING: PreparedByName = new Map()

export function ConfigurationTable(props: ConfigurationTableProps) {
  const { id, entries, filter, onlyChanged, onFilter, onOnlyChanged, prepared = NOTHING } = props
  const field = useRef<HTMLInputElement>(null)
  const parsed = useMemo(() => nameFilter(filter), [filter])
  const changedCount = entries.filter(isChanged).length
  const rows = rowsOf(entries, parsed, onlyChanged, prepared)
  const columns = useMemo(() => configurationColumns(prepared), [prepared])
  return (
    <div className="page">
      <div className="toolbar">
        <span className="faint">
          {t('configuration.count', { count: rows.count })} ·{' '}
          {t('configuration.changedCount', { count: changedCount })}
        </span>
        <span className="spacer" />
        <FilterField
          field={field}
          value={filter}
          onChange={onFilter}
          placeholder={t('configuration.filter')}
          problem={parsed.type === 'wrong' ? parsed.reason : null}
        />
        <label className="switch">
          <input
            type="checkbox"
            checked={onlyChanged}
            onChange={event => onOnlyChanged(event.currentTarget.checked)}
          />
          {t('configuration.onlyChanged')}
        </label>
      </div>
      <div className="page-body">
        <DataTable
          id={id}
          label={t('configuration.label')}
          columns={columns}
          rows={rows}
          active={props.active ?? null}
          onActive={name => props.onActive?.(name)}
          onFilter={() => field.current?.focus()}
          isMain
        >
          <Empty sentence={t('configuration.none')}>
            <Button
              onClick={() => {
                onFilter('')
                onOnlyChanged(false)
              }}
            >
              {t('filter.clear')}
            </Button>
          </Empty>
        </DataTable>
      </div>
    </div>
  )
}

/** What is set comes first. */
function rowsOf(
  entries: readonly ConfigurationEntry[],
  filter: NameFilter,
  onlyChanged: boolean,
  prepared: PreparedByName,
): ArrayRows<ConfigurationEntry> {
  const shown = entries
    .filter(entry => !onlyChanged || isChanged(entry) || prepared.has(entry.name))
    .filter(entry => filter.type !== 'test' || filter.test(`${entry.name} ${entry.value}`))
    .sort((a, b) => Number(isChanged(b)) - Number(isChanged(a)) || (a.name < b.name ? -1 : 1))
  return new ArrayRows(shown, entry => entry.name)
}

export function isChanged(entry: ConfigurationEntry): boolean {
  return entry.source.startsWith('dynamic')
}

function configurationColumns(prepared: PreparedByName): readonly Column<ConfigurationEntry>[] {
  return [
    {
      id: 'name',
      title: t('configuration.name'),
      width: 300,
      mono: true,
      text: entry => entry.name,
      cell: entry => (
        <span
          title={entry.documentation ?? undefined}
          style={{ fontWeight: isChanged(entry) ? 600 : 400 }}
        >
          {entry.name}
        </span>
      ),
    },
    {
      id: 'value',
      title: t('configuration.value'),
      width: 250,
      mono: true,
      text: entry => entry.value ?? '',
      cell: entry => <Value entry={entry} prepared={prepared} />,
    },
    {
      id: 'source',
      title: t('configuration.source'),
      hint: t('configuration.sourceHint'),
      width: 150,
      text: entry => entry.source,
      cell: entry => (
        <span
          className={isChanged(entry) ? 'tag' : 'faint'}
          title={entry.synonyms
            .map(({ name, value, source }) => `${source}: ${name} = ${value}`)
            .join('\n')}
        >
          {t(`configuration.sources.${entry.source}`)}
        </span>
      ),
    },
    {
      id: 'inherited',
      title: t('configuration.inherited'),
      hint: t('configuration.inheritedHint'),
      width: 150,
      mono: true,
      hiddenAtFirst: true,
      text: entry => entry.inheritedValue ?? '',
      cell: entry => <span className="faint">{entry.inheritedValue ?? UNKNOWN}</span>,
    },
    {
      id: 'documentation',
      title: t('configuration.documentation'),
      width: 260,
      grow: 1,
      text: entry => entry.documentation ?? '',
      cell: entry => (
        <span className="quiet" title={entry.documentation ?? undefined}>
          {entry.documentation !== null && <Explanation text={entry.documentation} />}
        </span>
      ),
    },
  ]
}

interface ValueProps {
  readonly entry: ConfigurationEntry
  readonly prepared: PreparedByName
}

/** The stored value, and beside it what a person would say: `604800000` is `7 d`. */
function Value({ entry, prepared }: ValueProps) {
  const change = prepared.get(entry.name)
  if (change === undefined) return <StoredValue entry={entry} />
  const after = valueAfter(entry, change)
  return (
    <span className="configuration-prepared" title={`${entry.value} → ${after}`}>
      <s className="quiet">{entry.value}</s>{' '}
      <ins>
        <StoredValue entry={{ ...entry, value: after }} />
      </ins>
    </span>
  )
}

function StoredValue({ entry }: { readonly entry: ConfigurationEntry }) {
  if (entry.sensitive) return <span className="absent">{t('configuration.sensitive')}</span>
  if (entry.value === null) return <span className="absent">{t('configuration.unset')}</span>
  if (entry.value === '') return <span className="absent">{t('value.empty')}</span>
  const said = readable(entry)
  return (
    <span title={entry.value}>
      {entry.value}
      {said !== null && <span className="faint"> {said}</span>}
    </span>
  )
}

export function readable({
  value,
  unit,
}: Pick<ConfigurationEntry, 'value' | 'unit'>): string | null {
  if (value === null || unit === null || !/^-?\d+$/.test(value)) return null
  if (unit === 'ms' && value === '-1') return t('configuration.noLimit')
  if (unit === 'bytes' && value === '-1') return t('configuration.noLimit')
  const number = Number(value)
  // Kafka writes "never" as the largest number there is.
  if (number >= Number.MAX_SAFE_INTEGER) return t('configuration.never')
  if (unit === 'ms' && number >= 1_000) return formatDuration(number)
  if (unit === 'bytes' && number >= 1_024)
    return `${isWhole(number) ? '' : '≈ '}${formatBytes(number)}`
  return null
}

/** Whether the shortened size says exactly as much: 1048588 is 12 bytes more than a MiB. */
function isWhole(bytes: number): boolean {
  const unit = [1_073_741_824, 1_048_576, 1_024].find(size => bytes >= size) ?? 1
  return bytes % unit === 0
}
