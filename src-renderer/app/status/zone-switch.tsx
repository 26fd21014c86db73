/** Which zone every moment is shown in, and the way to another. */
import { Menu } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../i18n/i18n.ts'
import { formatZone, knownZones } from '../../ui/format/time.ts'
import { useZone } from '../../ui/format/zone-context.ts'
import { useNow } from '../../ui/use-now.ts'
import { useChooseZone } from '../zone-choice.tsx'

const ZONES_SHOWN_MAX = 40

export function ZoneSwitch() {
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
