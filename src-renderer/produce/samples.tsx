/** Records as they would be sent, and what a person should know about them. */
import { Info, TriangleAlert } from 'lucide-react'
import type { RecordSample, SampleBytes } from '../../src-main/contract/model/produce.ts'
import { t } from '../i18n/i18n.ts'
import { placeHue } from '../ui/broker-hue.ts'
import { formatBytes } from '../ui/format/bytes.ts'
import { formatTimestamp } from '../ui/format/time.ts'
import { useZone } from '../ui/format/zone-context.ts'
import { hexOf } from './content-form.ts'
import type { Warning } from './warnings.ts'

export function Warnings({ warnings }: { readonly warnings: readonly Warning[] }) {
  if (warnings.length === 0) return null
  return (
    <ul className="produce-warnings">
      {warnings.map(({ id, tone, text }) => (
        <li key={id} data-tone={tone}>
          {tone === 'calm' ? (
            <Info size={14} aria-hidden />
          ) : (
            <TriangleAlert size={14} aria-hidden />
          )}
          <span>{text}</span>
        </li>
      ))}
    </ul>
  )
}

interface SamplesProps {
  readonly samples: readonly RecordSample[]
  readonly title: string
}

export function Samples({ samples, title }: SamplesProps) {
  if (samples.length === 0) return null
  return (
    <section className="produce-section">
      <h3 className="section-title">{title}</h3>
      <ol className="produce-samples">
        {samples.map((sample, index) => (
          <Sample key={index} sample={sample} />
        ))}
      </ol>
    </section>
  )
}

function Sample({ sample }: { readonly sample: RecordSample }) {
  const zone = useZone()
  const { key, value, headers, partition, timestampMs, sizeBytes } = sample
  return (
    <li className="produce-sample">
      <PartitionMark partition={partition} />
      <span className="clip mono">
        <Line bytes={key} nullWord={t('produce.nullKey')} />
      </span>
      <span className="clip mono produce-sample-value">
        <Line bytes={value} nullWord={t('produce.tombstone')} />
      </span>
      <span className="faint small produce-sample-facts clip">
        {formatTimestamp(timestampMs, zone)} · {formatBytes(sizeBytes)}
        {headers.length > 0 && ` · ${headers.map(each => headerText(each)).join(', ')}`}
      </span>
    </li>
  )
}

export function PartitionMark({ partition }: { readonly partition: number | null }) {
  if (partition === null)
    return (
      <span className="produce-mark" data-any title={t('produce.anyPartition')}>
        ∗
      </span>
    )
  return (
    <span
      className="produce-mark"
      title={t('produce.partitionNumber', { partition })}
      style={{ '--hue': placeHue(partition).colour } as React.CSSProperties}
    >
      {partition}
    </span>
  )
}

const LINE_BYTES_MAX = 600
const HEX_BYTES_MAX = 48

/** Null, empty, text and bytes never look the same. */
function Line({
  bytes,
  nullWord,
}: {
  readonly bytes: SampleBytes | null
  readonly nullWord: string
}) {
  if (bytes === null) return <span className="absent">{nullWord}</span>
  if (bytes.sizeBytes === 0) return <span className="absent">{t('produce.zeroBytes')}</span>
  const text = decoder.decode(bytes.bytes.subarray(0, LINE_BYTES_MAX), { stream: true })
  // Ends the stream, so that a letter cut in two is not carried into the next text.
  decoder.decode()
  if (text.includes('\ufffd'))
    return <span className="faint">{hexOf(bytes.bytes.subarray(0, HEX_BYTES_MAX))}</span>
  return <bdi>{text.replace(/\s+/g, ' ')}</bdi>
}

const decoder = new TextDecoder()
const HEADER_CHARS_MAX = 40

function headerText({ key, value }: { key: string; value: SampleBytes | null }): string {
  if (value === null) return `${key}: null`
  return `${key}: ${decoder.decode(value.bytes).slice(0, HEADER_CHARS_MAX)}`
}
