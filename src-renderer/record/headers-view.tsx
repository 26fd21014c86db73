/** Headers in their stored order, since a key may occur more than once. */
import { useState } from 'react'
import { ChevronRight } from 'lucide-react'
import type { DecoderChoice } from '../../src-main/contract/model/decode.ts'
import type { RecordHeader } from '../../src-main/contract/model/record.ts'
import { AskedAnswer } from '../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Failure, Loading } from '../ui/state/states.tsx'
import { useStore } from '../ui/store.ts'
import { exactText } from '../ui/value/decode.ts'
import { ValueLine } from '../ui/value/value-line.tsx'
import type { FieldAct, PanelField, RecordPlace } from './panel-view.ts'
import { FieldMenuButton } from './field-menu.tsx'
import { usePartSource } from './part-source.ts'
import { PartView } from './value/part-view.tsx'

interface HeadersViewProps {
  readonly place: RecordPlace
  readonly headers: readonly RecordHeader[]
  readonly onField?: ((act: FieldAct, field: PanelField) => void) | undefined
}

export function HeadersView({ place, headers, onField }: HeadersViewProps) {
  const [opened, setOpened] = useState<number | null>(headers.length === 1 ? 0 : null)
  if (headers.length === 0) return <p className="value-nothing absent">{t('record.noHeaders')}</p>
  return (
    <ul className="headers">
      {headers.map((header, index) => (
        // A record's headers never change their places.
        <li key={index}>
          <div className="header-line">
            <button
              type="button"
              className="header-open"
              aria-expanded={opened === index}
              onClick={() => setOpened(opened === index ? null : index)}
            >
              <ChevronRight
                size={12}
                aria-hidden
                style={{ rotate: opened === index ? '90deg' : '0deg' }}
              />
              <span className="mono header-key clip" title={header.key}>
                {header.key === '' ? t('value.empty') : header.key}
              </span>
              <span className="mono clip">
                <ValueLine preview={header.value} nullWord="null" />
              </span>
            </button>
            <CopyButton
              text={exactText(header.value)}
              label={t('record.copyHeader', { key: header.key })}
            />
            {onField !== undefined && header.key !== '' && (
              <FieldMenuButton
                field={{
                  part: 'header',
                  path: header.key,
                  value: exactText(header.value),
                  type: header.value === null ? 'null' : 'string',
                }}
                onField={onField}
              />
            )}
          </div>
          {opened === index && <OpenedHeader place={place} index={index} header={header} />}
        </li>
      ))}
    </ul>
  )
}

interface OpenedHeaderProps {
  readonly place: RecordPlace
  readonly index: number
  readonly header: RecordHeader
}

function OpenedHeader({ place, index, header }: OpenedHeaderProps) {
  const client = useClient()
  const cluster = useCluster()
  const [choice, setChoice] = useState<DecoderChoice>('auto')
  const part = { type: 'header' as const, index }
  const key = `${cluster.id}|${place.topic}|${place.partition}|${place.offset}|${index}|${choice}`
  const input = { cluster: cluster.id, ...place, part, decoder: choice }
  const asked = useHeld(() => new AskedAnswer(client, 'record.decode', input), key)
  const source = usePartSource(place, part, header.value)
  const { value, problem } = useStore(asked)
  if (value === null)
    return problem === null ? (
      <Loading what={t('record.decodingHeader', { key: header.key })} />
    ) : (
      <Failure
        what={t('record.decodingHeader', { key: header.key })}
        problem={problem}
        onRetry={asked.refresh}
      />
    )
  return (
    <div className="header-value">
      <PartView
        part={value}
        pickable={{ place, part }}
        choice={choice}
        onChoice={setChoice}
        source={source}
        nullSentence={t('record.nullHeader')}
      />
    </div>
  )
}
