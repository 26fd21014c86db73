import type { WireRequest } from '../../../src-main/contract/model/wire.ts'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatTimeOfDay, type Zone } from '../../ui/format/time.ts'
import { UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark } from '../../ui/glyph.tsx'
import type { Column } from '../../ui/table/column.ts'

/** Over this many milliseconds in queue and work a request stands out. */
export const SLOW_MS = 20

export function wireColumns(zone: Zone): readonly Column<WireRequest>[] {
  return [
    {
      id: 'time',
      title: t('wire.time'),
      hint: t('wire.timeHint'),
      width: 122,
      mono: true,
      text: ({ atMs }) => String(Math.floor(atMs)),
      cell: ({ atMs }) => formatTimeOfDay(BigInt(Math.floor(atMs)), zone),
    },
    {
      id: 'broker',
      title: t('wire.broker'),
      width: 62,
      text: ({ brokerId }) => String(brokerId),
      cell: ({ brokerId }) => <BrokerMark id={brokerId} />,
    },
    {
      id: 'api',
      title: t('wire.api'),
      width: 170,
      text: ({ api, apiVersion }) => `${api} v${apiVersion}`,
      cell: ({ api, apiVersion }) => (
        <>
          {api} <span className="faint">v{apiVersion}</span>
        </>
      ),
    },
    {
      id: 'client',
      title: t('wire.client'),
      width: 120,
      grow: 1,
      text: ({ clientId }) => clientId ?? '',
      cell: ({ clientId, origin }) => (
        <span title={t(`wire.origin.${origin}`)}>
          {clientId ?? UNKNOWN}
          {origin !== 'client' && (
            <span className="faint"> · {t(`wire.originShort.${origin}`)}</span>
          )}
        </span>
      ),
    },
    {
      id: 'software',
      title: t('wire.software'),
      hint: t('wire.softwareHint'),
      width: 140,
      hiddenAtFirst: true,
      text: ({ software }) => software ?? '',
      cell: ({ software }) => <span className="quiet">{software ?? UNKNOWN}</span>,
    },
    {
      id: 'remote',
      title: t('wire.remote'),
      width: 140,
      mono: true,
      hiddenAtFirst: true,
      text: ({ remote }) => remote,
      cell: ({ remote }) => <span className="quiet">{remote}</span>,
    },
    {
      id: 'correlation',
      title: t('wire.correlation'),
      width: 100,
      align: 'end',
      mono: true,
      hiddenAtFirst: true,
      text: ({ correlationId }) => String(correlationId),
      cell: ({ correlationId }) => correlationId,
    },
    {
      id: 'in',
      title: t('wire.in'),
      hint: t('wire.inHint'),
      width: 76,
      align: 'end',
      text: ({ requestBytes }) => String(requestBytes),
      cell: ({ requestBytes }) => formatBytes(requestBytes),
    },
    {
      id: 'out',
      title: t('wire.out'),
      hint: t('wire.outHint'),
      width: 80,
      align: 'end',
      text: ({ responseBytes }) => String(responseBytes ?? ''),
      cell: ({ responseBytes }) =>
        responseBytes === null ? (
          <span className="bad">{t('wire.cutOff')}</span>
        ) : responseBytes === 0 ? (
          <span className="faint" title={t('wire.noAnswerHint')}>
            {t('wire.noAnswer')}
          </span>
        ) : (
          formatBytes(responseBytes)
        ),
    },
    latencyColumn('queue', 'queueMs'),
    latencyColumn('work', 'workMs'),
    latencyColumn('wait', 'waitMs'),
    {
      id: 'error',
      title: t('wire.error'),
      width: 150,
      grow: 2,
      text: ({ errors }) => errors.join(' '),
      cell: ({ errors }) =>
        errors.length === 0 ? null : (
          <span className="bad" title={errors.join('\n')}>
            {errors.join(', ')}
          </span>
        ),
    },
  ]
}

function latencyColumn(
  id: 'queue' | 'work' | 'wait',
  field: 'queueMs' | 'workMs' | 'waitMs',
): Column<WireRequest> {
  return {
    id,
    title: t(`wire.${id}`),
    hint: t(`wire.${id}Hint`),
    width: 66,
    align: 'end',
    text: request => request[field].toFixed(3),
    cell: request => {
      const ms = request[field]
      const tone = id === 'wait' ? 'quiet' : ms >= SLOW_MS ? 'warn' : undefined
      return <span className={tone}>{formatMs(ms)}</span>
    },
  }
}

/** Three digits are what a measurement of one request is worth. */
export function formatMs(ms: number): string {
  if (ms < 0.0005) return '0'
  if (ms < 10) return ms.toFixed(ms < 1 ? 3 : 2)
  return ms < 100 ? ms.toFixed(1) : Math.round(ms).toString()
}
