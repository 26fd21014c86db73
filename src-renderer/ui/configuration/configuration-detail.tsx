/** One configuration beside the table: what it is, where it comes from, and the field to change it. */
import { RotateCcw } from 'lucide-react'
import type {
  ConfigurationEntry,
  ConfigurationResource,
} from '../../../src-main/contract/model/configuration.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../button.tsx'
import { CopyButton } from '../copy-button.tsx'
import { Explanation } from '../explanation.tsx'
import { ConfigurationInput } from './configuration-input.tsx'
import { changeTo, ownLayer, valueAfter, type Prepared } from './prepared.ts'
import { sayValue } from './say-value.ts'
import { WarningList } from './warning-list.tsx'
import type { Warning } from './warnings.ts'

interface ConfigurationDetailProps {
  readonly entry: ConfigurationEntry
  readonly resource: ConfigurationResource
  readonly prepared: Prepared | undefined
  readonly onPrepare: (change: Prepared | null) => void
  /** What the brokers say against the prepared value. */
  readonly refusal: string | null
  readonly warnings: readonly Warning[]
  /** Why nothing can be changed at all, or null. */
  readonly whyNot: string | null
}

export function ConfigurationDetail(props: ConfigurationDetailProps) {
  const { entry, resource, prepared, refusal, warnings } = props
  const why = props.whyNot ?? whyFixed(entry, resource)
  return (
    <div className="configuration-detail" role="region" aria-label={entry.name}>
      <h2 className="mono configuration-name copyable">
        {entry.name}
        <CopyButton text={entry.name} label={t('configuration.copyName')} />
      </h2>
      {entry.documentation !== null && (
        <p className="quiet">
          <Explanation text={entry.documentation} />
        </p>
      )}
      {entry.facts?.takesEffect === false && (
        <p className="configuration-mark warn">{t('create.noEffect')}</p>
      )}
      {why === null ? <Edit {...props} /> : <p className="configuration-mark quiet">{why}</p>}
      {refusal !== null && (
        <p className="bad configuration-refusal" role="alert" id="configuration-refusal">
          {refusal}
        </p>
      )}
      <WarningList warnings={warnings} />
      <Facts entry={entry} />
      <Layers entry={entry} prepared={prepared} resource={resource} />
    </div>
  )
}

function Edit({ entry, resource, prepared, onPrepare, refusal }: ConfigurationDetailProps) {
  const isOwn = entry.source === ownLayer(resource)
  const value = valueAfter(entry, prepared)
  const resets = prepared?.operation === 'reset'
  return (
    <div className="configuration-edit">
      <label className="section-title" htmlFor="configuration-value">
        {t('configuration.value')}
      </label>
      <ConfigurationInput
        key={entry.name}
        id="configuration-value"
        facts={{ ...entry, validValues: entry.facts?.validValues ?? null }}
        value={value ?? ''}
        fallback={entry.inheritedValue}
        invalid={refusal !== null}
        describedBy="configuration-refusal"
        onChange={wanted => onPrepare(changeTo(entry, wanted ?? '', resource))}
      />
      <div className="configuration-acts">
        <Button
          icon={<RotateCcw size={14} aria-hidden />}
          whyNot={
            isOwn
              ? resets
                ? t('configuration.resetAlready')
                : null
              : t('configuration.notSetHere')
          }
          onClick={() => onPrepare({ operation: 'reset', value: null })}
        >
          {isOwn && entry.inheritedValue !== null
            ? t('configuration.resetTo', { value: sayValue(entry, entry.inheritedValue) })
            : t('configuration.reset')}
        </Button>
        {prepared !== undefined && (
          <Button kind="quiet" onClick={() => onPrepare(null)}>
            {t('configuration.leave')}
          </Button>
        )}
      </div>
    </div>
  )
}

function whyFixed(entry: ConfigurationEntry, resource: ConfigurationResource): string | null {
  if (entry.readOnly) return t('configuration.readOnly')
  if (resource.type === 'brokers' && entry.facts?.update === 'per-broker')
    return t('configuration.perBroker')
  return null
}

function Facts({ entry }: { readonly entry: ConfigurationEntry }) {
  const { facts } = entry
  const rows: [string, string][] = []
  if (facts !== null) {
    rows.push([
      t('configuration.default'),
      facts.defaultValue === null ? t('configuration.unset') : sayValue(entry, facts.defaultValue),
    ])
    const range = rangeOf(entry)
    if (range !== null) rows.push([t('configuration.allowed'), range])
  }
  rows.push([t('configuration.type'), entry.type])
  return (
    <dl className="configuration-facts">
      {rows.map(([term, said]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd className="mono">{said}</dd>
        </div>
      ))}
    </dl>
  )
}

function rangeOf(entry: ConfigurationEntry): string | null {
  const { facts } = entry
  if (facts === null) return null
  if (facts.validValues !== null) return facts.validValues.join(', ')
  const [least, most] = [facts.min, facts.max].map(limit =>
    limit === null ? null : limit < 0 ? String(limit) : sayValue(entry, String(limit)),
  )
  if (least !== null && most !== null) return t('configuration.fromTo', { least, most })
  if (least !== null) return t('configuration.atLeast', { least })
  return most === null ? null : t('configuration.atMost', { most })
}

/** Every place that sets it, the one that counts first. */
function Layers({
  entry,
  prepared,
  resource,
}: Pick<ConfigurationDetailProps, 'entry' | 'prepared' | 'resource'>) {
  if (entry.sensitive) return null
  const layers =
    entry.synonyms.length > 0
      ? entry.synonyms
      : [{ name: entry.name, value: entry.value, source: entry.source }]
  return (
    <div>
      <h3 className="section-title">{t('configuration.layers')}</h3>
      <ol className="configuration-layers">
        {layers.map((layer, place) => (
          <li
            key={`${layer.source} ${layer.name}`}
            data-counts={place === 0 || undefined}
            data-goes={
              (prepared?.operation === 'reset' && layer.source === ownLayer(resource)) || undefined
            }
          >
            <span>{t(`configuration.sources.${layer.source}`)}</span>
            <span className="mono">
              {layer.value === null
                ? t('configuration.unset')
                : layer.name === entry.name
                  ? sayValue(entry, layer.value)
                  : `${layer.name} = ${layer.value}`}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
