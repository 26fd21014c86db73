/** What of the wire log is shown: text, APIs, brokers, failed, slow, and our own requests. */
import { Menu } from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import type { RefObject } from 'react'
import { useOverview } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { FilterField } from '../../ui/filter-field.tsx'
import { BrokerMark } from '../../ui/glyph.tsx'
import { readNumbers, writeNumbers, type WireSearch } from './wire-search.ts'

/** What a broker is asked most, by Kafka's keys: others are found by their name in the text. */
const APIS: readonly (readonly [key: number, name: string])[] = [
  [0, 'Produce'],
  [1, 'Fetch'],
  [2, 'ListOffsets'],
  [3, 'Metadata'],
  [8, 'OffsetCommit'],
  [9, 'OffsetFetch'],
  [10, 'FindCoordinator'],
  [11, 'JoinGroup'],
  [12, 'Heartbeat'],
  [13, 'LeaveGroup'],
  [14, 'SyncGroup'],
  [15, 'DescribeGroups'],
  [16, 'ListGroups'],
  [18, 'ApiVersions'],
  [19, 'CreateTopics'],
  [20, 'DeleteTopics'],
  [21, 'DeleteRecords'],
  [22, 'InitProducerId'],
  [32, 'DescribeConfigs'],
  [35, 'DescribeLogDirs'],
  [44, 'IncrementalAlterConfigs'],
]
const SLOW_CHOICES_MS = [1, 5, 20, 100, 1_000]

interface WireToolbarProps {
  readonly search: WireSearch
  readonly field: RefObject<HTMLInputElement | null>
  readonly onChange: (next: Partial<WireSearch>) => void
}

export function WireToolbar({ search, field, onChange }: WireToolbarProps) {
  const { value } = useOverview()
  const apis = readNumbers(search.apis) ?? []
  const brokers = readNumbers(search.brokers) ?? []
  return (
    <>
      <FilterField
        field={field}
        value={search.q ?? ''}
        onChange={q => onChange({ q: q === '' ? undefined : q })}
        placeholder={t('wire.filter')}
        problem={null}
      />
      <Choice
        label={
          apis.length === 0
            ? t('wire.allApis')
            : APIS.filter(([key]) => apis.includes(key))
                .map(([, name]) => name)
                .join(', ')
        }
        options={APIS.map(([key, name]) => ({ key, label: name }))}
        chosen={apis}
        onChoose={keys => onChange({ apis: writeNumbers(keys) })}
        none={t('wire.allApis')}
      />
      <Choice
        label={
          brokers.length === 0
            ? t('wire.allBrokers')
            : t('wire.someBrokers', { ids: brokers.join(', '), count: brokers.length })
        }
        options={(value?.brokers ?? []).map(({ id }) => ({
          key: id,
          label: <BrokerMark id={id} />,
        }))}
        chosen={brokers}
        onChoose={ids => onChange({ brokers: writeNumbers(ids) })}
        none={t('wire.allBrokers')}
      />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button className="button" aria-pressed={search.slow !== undefined}>
            {search.slow === undefined ? t('wire.anySpeed') : t('wire.slower', { ms: search.slow })}
            <ChevronDown size={13} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('wire.slowHint')}</Menu.Label>
          <Menu.Item onClick={() => onChange({ slow: undefined })}>{t('wire.anySpeed')}</Menu.Item>
          {SLOW_CHOICES_MS.map(ms => (
            <Menu.Item key={ms} onClick={() => onChange({ slow: String(ms) })}>
              {t('wire.slower', { ms })}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        aria-pressed={search.failed === '1'}
        onClick={() => onChange({ failed: search.failed === '1' ? undefined : '1' })}
      >
        {t('wire.failedOnly')}
      </Button>
      <Button
        aria-pressed={search.own === '1'}
        title={t('wire.ownHint')}
        onClick={() => onChange({ own: search.own === '1' ? undefined : '1' })}
      >
        {t('wire.own')}
      </Button>
    </>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly options: readonly { readonly key: number; readonly label: React.ReactNode }[]
  readonly chosen: readonly number[]
  readonly onChoose: (keys: readonly number[]) => void
  readonly none: string
}

function Choice({ label, options, chosen, onChoose, none }: ChoiceProps) {
  return (
    <Menu position="bottom-start" closeOnItemClick={false}>
      <Menu.Target>
        <Button aria-pressed={chosen.length > 0} className="button wire-choice" title={label}>
          <span className="clip">{label}</span>
          <ChevronDown size={13} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="wire-options">
        <Menu.Item onClick={() => onChoose([])}>{none}</Menu.Item>
        <Menu.Divider />
        {options.map(option => {
          const isChosen = chosen.includes(option.key)
          return (
            <Menu.CheckboxItem
              key={option.key}
              checked={isChosen}
              onChange={checked =>
                onChoose(
                  checked ? [...chosen, option.key] : chosen.filter(key => key !== option.key),
                )
              }
            >
              {option.label}
            </Menu.CheckboxItem>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
