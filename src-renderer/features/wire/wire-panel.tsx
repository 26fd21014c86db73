/** One request and its answer beside the table: field by field, each with its bytes. */
import { X } from 'lucide-react'
import { useState } from 'react'
import type { WireField, WireFrame, WireRequest } from '../../../src-main/contract/model/wire.ts'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { BytesAround } from '../../ui/bytes-around.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { BrokerMark } from '../../ui/glyph.tsx'
import { Failure, Gone, isGone, Loading } from '../../ui/state/states.tsx'
import { useStore } from '../../ui/store.ts'
import { formatMs } from './wire-columns.tsx'
import { WireFields } from './wire-fields.tsx'

interface WirePanelProps {
  readonly brokerId: number
  readonly sequence: number
  /** Null where the list no longer has it. */
  readonly request: WireRequest | null
  readonly side: 'request' | 'response'
  readonly onSide: (side: 'request' | 'response') => void
  readonly onClose: () => void
}

export function WirePanel(props: WirePanelProps) {
  const { brokerId, sequence, request, side, onSide, onClose } = props
  const client = useClient()
  const cluster = useCluster().id
  const answer = useHeld(
    () => new AskedAnswer(client, 'wire.exchange', { cluster, brokerId, sequence }),
    `${cluster}|${brokerId}|${sequence}`,
  )
  const { value, problem } = useStore(answer)
  const frame = value === null ? null : value[side]
  return (
    <aside className="panel" aria-label={t('wire.panel')}>
      <header className="panel-head">
        <BrokerMark id={brokerId} />
        {request !== null && (
          <>
            <strong>{request.api}</strong>
            <span className="faint">v{request.apiVersion}</span>
          </>
        )}
        <span className="spacer" />
        <Button
          kind="quiet"
          icon={<X size={15} aria-hidden />}
          aria-label={t('wire.close')}
          title={`${t('wire.close')} · Esc`}
          onClick={onClose}
        />
      </header>
      {request !== null && <Timing request={request} />}
      {value === null ? (
        problem === null ? (
          <Loading what={t('wire.waitingExchange')} />
        ) : isGone(problem) ? (
          <Gone sentence={t('wire.gone')}>
            <Button onClick={onClose}>{t('wire.close')}</Button>
          </Gone>
        ) : (
          <Failure what={t('wire.readingExchange')} problem={problem} onRetry={answer.refresh} />
        )
      ) : (
        <>
          <div className="tabs" role="tablist">
            {(['request', 'response'] as const).map(each => (
              <button
                key={each}
                type="button"
                role="tab"
                className="tab"
                aria-selected={each === side}
                onClick={() => onSide(each)}
              >
                {t(`wire.${each}`)}{' '}
                <span className="faint">{formatBytes(value[each]?.bytes.sizeBytes ?? 0)}</span>
              </button>
            ))}
          </div>
          {frame === null ? (
            <p className="state quiet">{t('wire.noAnswerHint')}</p>
          ) : (
            <FrameView key={`${brokerId}-${sequence}-${side}`} frame={frame} />
          )}
        </>
      )}
    </aside>
  )
}

function FrameView({ frame }: { readonly frame: WireFrame }) {
  const [marked, setMarked] = useState<WireField | null>(null)
  return (
    <div className="wire-frame" role="tabpanel">
      {frame.problem !== null && (
        <p className="notice" data-tone="warn">
          {t('wire.notWhole', { reason: frame.problem })}
        </p>
      )}
      <WireFields fields={frame.fields} marked={marked} onMark={setMarked} />
      {frame.leftOut > 0 && (
        <p className="faint wire-note">
          {t('wire.fieldsLeftOut', { count: frame.leftOut, formatted: formatCount(frame.leftOut) })}
        </p>
      )}
      <BytesAround bytes={frame.bytes} marked={marked} />
    </div>
  )
}

function Timing({ request }: { readonly request: WireRequest }) {
  const parts = [
    ['queue', request.queueMs],
    ['work', request.workMs],
    ['wait', request.waitMs],
  ] as const
  const whole = parts.reduce((sum, [, ms]) => sum + ms, 0)
  return (
    <dl className="wire-timing">
      <div className="wire-bar" aria-hidden>
        {parts.map(([part, ms]) => (
          <span key={part} data-part={part} style={{ flexGrow: whole === 0 ? 1 : ms / whole }} />
        ))}
      </div>
      {parts.map(([part, ms]) => (
        <div key={part} title={t(`wire.${part}Hint`)}>
          <dt>
            <span className="wire-dot" data-part={part} aria-hidden />
            {t(`wire.${part}`)}
          </dt>
          <dd>{formatMs(ms)} ms</dd>
        </div>
      ))}
      <div>
        <dt>{t('wire.client')}</dt>
        <dd className="clip" title={request.clientId ?? undefined}>
          {request.clientId ?? '–'} <span className="faint mono">{request.remote}</span>
        </dd>
      </div>
      {request.errors.length > 0 && (
        <div>
          <dt>{t('wire.error')}</dt>
          <dd className="bad">{request.errors.join(', ')}</dd>
        </div>
      )}
    </dl>
  )
}
