/** One line that is always true: connection, address, rates, jobs, zone. */
import { useClient, useCluster, useConnectionState } from '../../connection/client-context.tsx'
import { useOverview, useRates, useSilence } from '../../connection/cluster-live.tsx'
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatByteRate } from '../../ui/format/bytes.ts'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatRate } from '../../ui/format/number.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { useNow } from '../../ui/use-now.ts'
import { StatusJobs } from './status-jobs.tsx'
import { ZoneSwitch } from './zone-switch.tsx'

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
      <StatusJobs />
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
  const silent = useSilence()
  const state = !open || silent ? 'offline' : runs && online === all ? 'inSync' : 'catchingUp'
  const said = !open
    ? t('status.disconnected')
    : t(`cluster.short.${silent ? 'unreachable' : cluster.state}`)
  return (
    <span className="status-part">
      <Glyph state={state} explanation={said} />
      {cluster.name} · {said}
      {open && !silent && value !== null && (
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
