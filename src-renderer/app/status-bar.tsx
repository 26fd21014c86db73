/** One line that is always true: connection, address, rates, zone. */
import { Menu } from '@mantine/core'
import { useState } from 'react'
import { useClient, useCluster, useConnectionState } from '../connection/client-context.tsx'
import { useOverview, useRates } from '../connection/cluster-live.tsx'
import { t } from '../i18n/i18n.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { formatByteRate } from '../ui/format/bytes.ts'
import { formatDuration } from '../ui/format/duration.ts'
import { formatRate } from '../ui/format/number.ts'
import { formatZone, knownZones } from '../ui/format/time.ts'
import { useZone } from '../ui/format/zone-context.ts'
import { Glyph } from '../ui/glyph.tsx'
import { useNow } from '../ui/use-now.ts'
import { useChooseZone } from './zone-choice.tsx'

const ZONES_SHOWN_MAX = 40
/** Rates older than this are not "now" any more. */
const RATES_STALE_MS = 5_000

export function StatusBar() {
  const cluster = useCluster()
  return (
    <footer className="status" aria-label={t('status.label')}>
      <Connection />
      <span className="status-part">
        <span className="mono">{cluster.bootstrap}</span>
        <CopyButton text={cluster.bootstrap} label={t('status.copyBootstrap')} />
      </span>
      <Rates />
      <span className="spacer" />
      <ZoneSwitch />
    </footer>
  )
}

function Connection() {
  const cluster = useCluster()
  const connection = useConnectionState(useClient())
  const { value } = useOverview()
  const open = connection.type === 'open'
  const runs = open && cluster.state === 'running'
  const online = value?.brokers.filter(broker => broker.state === 'online').length ?? 0
  const all = value?.brokers.length ?? 0
  const state = !open ? 'offline' : runs && online === all ? 'inSync' : 'catchingUp'
  const said = !open ? t('status.disconnected') : t(`cluster.short.${cluster.state}`)
  return (
    <span className="status-part">
      <Glyph state={state} explanation={said} />
      {cluster.name} · {said}
      {open && value !== null && (
        <span className={online === all ? 'quiet' : 'warn'}>
          ·{' '}
          {online === all
            ? t('status.brokers', { count: all })
            : t('status.brokersOf', { online, all })}
        </span>
      )}
    </span>
  )
}

function Rates() {
  const { samples, source } = useRates()
  const last = samples.at(-1)
  const nowMs = useNow(2_000)
  if (last === undefined || nowMs - Number(last.atMs) > RATES_STALE_MS)
    return (
      <span className="status-part faint" title={t('status.noRates')}>
        {t('status.in')} – · {t('status.out')} –
      </span>
    )
  const hint = t('status.ratesHint', {
    span: formatDuration(last.windowMs),
    source: t(`status.source.${source ?? 'offsets'}`),
  })
  return (
    <span className="status-part" title={hint}>
      <span>
        <span className="faint">{t('status.in')}</span>{' '}
        <span className="status-rate">{formatRate(last.producedRecordsPerSecond)}/s</span>
        {last.producedBytesPerSecond !== null && (
          <span className="faint"> {formatByteRate(last.producedBytesPerSecond)}</span>
        )}
      </span>
      <span>
        <span className="faint">{t('status.out')}</span>{' '}
        <span className="status-rate">{formatRate(last.consumedRecordsPerSecond)}/s</span>
      </span>
    </span>
  )
}

function ZoneSwitch() {
  const nowMs = useNow(60_000)
  const zone = useZone()
  const choose = useChooseZone()
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase().replaceAll(' ', '_')
  const found =
    wanted === '' ? [] : knownZones().filter(name => name.toLowerCase().includes(wanted))
  const name = zone === 'local' ? t('zone.local') : zone
  return (
    <Menu position="top-end" onClose={() => setSearch('')} trapFocus>
      <Menu.Target>
        <button type="button" className="status-button" title={t('zone.hint')}>
          {zone === 'UTC' ? 'UTC' : `${name} · ${formatZone(zone, nowMs)}`}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => choose('local')}>
          {t('zone.local')} <span className="faint">{formatZone('local', nowMs)}</span>
        </Menu.Item>
        <Menu.Item onClick={() => choose('UTC')}>UTC</Menu.Item>
        <Menu.Divider />
        <input
          className="field zone-search"
          data-autofocus
          placeholder={t('zone.other')}
          aria-label={t('zone.other')}
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
        />
        <div className="zone-found">
          {found.slice(0, ZONES_SHOWN_MAX).map(name => (
            <Menu.Item key={name} onClick={() => choose(name)}>
              {name.replaceAll('_', ' ')} <span className="faint">{formatZone(name, nowMs)}</span>
            </Menu.Item>
          ))}
        </div>
      </Menu.Dropdown>
    </Menu>
  )
}
