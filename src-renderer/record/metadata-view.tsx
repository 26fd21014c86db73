/** What Kafka stores round a record: its place, its time, and the batch that it came in. */
import type { ReactNode } from 'react'
import type { BatchDetail, RecordDetail } from '../../src-main/contract/model/record.ts'
import { t } from '../i18n/i18n.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { formatBytes } from '../ui/format/bytes.ts'
import { formatCount, threeDigits } from '../ui/format/number.ts'
import { distance, Moment } from '../ui/moment.tsx'
import { HexView } from '../ui/value/hex-view.tsx'
import type { RecordPlace } from './panel-view.ts'
import { usePartSource } from './part-source.ts'

const RATIO_WORTH_SAYING = 1.02
const BATCH_PART = { type: 'batch' } as const

interface MetadataViewProps {
  readonly place: RecordPlace
  readonly detail: RecordDetail
}

export function MetadataView({ place, detail }: MetadataViewProps) {
  const { batch, key, value } = detail
  const source = usePartSource(place, BATCH_PART, batch.bytes)
  return (
    <div className="metadata">
      <h2 className="section-title">{t('metadata.record')}</h2>
      <dl>
        <Line name={t('metadata.topic')} copy={detail.topic}>
          {detail.topic}
        </Line>
        <Line name={t('metadata.partition')}>{detail.partition}</Line>
        <Line name={t('metadata.offset')} copy={detail.offset.toString()}>
          {detail.offset.toString()}
        </Line>
        <Line name={t('metadata.time')} copy={detail.timestampMs.toString()}>
          {detail.timestampType === 'none' ? (
            <span className="faint">{t('record.timeType.none')}</span>
          ) : (
            <>
              <Moment timestampMs={detail.timestampMs} />{' '}
              <span className="faint">
                {t(`record.timeType.${detail.timestampType}`)} · {distance(detail.timestampMs)}
              </span>
            </>
          )}
        </Line>
        <Line name={t('metadata.keySize')}>
          {key === null ? t('record.null') : <Bytes bytes={key.sizeBytes} />}
        </Line>
        <Line name={t('metadata.valueSize')}>
          {value === null ? t('record.nullTombstone') : <Bytes bytes={value.sizeBytes} />}
        </Line>
        <Line name={t('metadata.headers')}>{detail.headers.length}</Line>
        <Line name={t('record.size')}>
          <Bytes bytes={detail.sizeBytes} />
        </Line>
      </dl>
      <h2 className="section-title">{t('metadata.batch')}</h2>
      <BatchLines batch={batch} />
      <h2 className="section-title">{t('metadata.bytes')}</h2>
      <div className="metadata-bytes">
        <HexView source={source} />
      </div>
    </div>
  )
}

function BatchLines({ batch }: { readonly batch: BatchDetail }) {
  const ratio = batch.uncompressedBytes / batch.sizeBytes
  return (
    <dl>
      <Line name={t('metadata.offsets')}>
        {batch.baseOffset.toString()}
        {batch.lastOffset > batch.baseOffset && ` – ${batch.lastOffset}`}{' '}
        <span className="faint">{t('metadata.records', { count: batch.recordCount })}</span>
      </Line>
      <Line name={t('metadata.codec')}>
        {batch.codec}
        {ratio > RATIO_WORTH_SAYING && (
          <span className="faint"> {t('metadata.ratio', { ratio: threeDigits(ratio) })}</span>
        )}
      </Line>
      <Line name={t('metadata.stored')}>
        <Bytes bytes={batch.sizeBytes} />
        {batch.codec !== 'none' && (
          <span className="faint">
            {' '}
            {t('metadata.unpacked', { size: formatBytes(batch.uncompressedBytes) })}
          </span>
        )}
      </Line>
      <Line name={t('record.baseTime')}>
        <Moment timestampMs={batch.baseTimestampMs} />
      </Line>
      <Line name={t('metadata.maxTime')}>
        <Moment timestampMs={batch.maxTimestampMs} />
      </Line>
      <Line name={t('metadata.leaderEpoch')}>{batch.partitionLeaderEpoch}</Line>
      {batch.producer === null ? (
        <Line name={t('metadata.producer')}>
          <span className="faint">{t('metadata.notIdempotent')}</span>
        </Line>
      ) : (
        <>
          <Line name={t('metadata.producerId')} copy={batch.producer.producerId.toString()}>
            {batch.producer.producerId.toString()}
          </Line>
          <Line name={t('metadata.producerEpoch')}>{batch.producer.producerEpoch}</Line>
          <Line name={t('metadata.sequence')}>
            {batch.producer.sequence}{' '}
            <span className="faint">
              {t('metadata.baseSequence', { base: batch.producer.baseSequence })}
            </span>
          </Line>
        </>
      )}
      <Line name={t('metadata.transactional')}>{batch.transactional ? t('yes') : t('no')}</Line>
      <Line name={t('metadata.magic')}>{batch.magic}</Line>
      <Line name={t('metadata.crc')} copy={hex32(batch.crc)}>
        {hex32(batch.crc)}
      </Line>
    </dl>
  )
}

interface LineProps {
  readonly name: string
  readonly copy?: string
  readonly children: ReactNode
}

function Line({ name, copy, children }: LineProps) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="mono copyable">
        <span>{children}</span>
        {copy !== undefined && <CopyButton text={copy} label={t('metadata.copy', { name })} />}
      </dd>
    </>
  )
}

function Bytes({ bytes }: { readonly bytes: number }) {
  return (
    <span title={t('part.sizeBytes', { formatted: formatCount(bytes) })}>{formatBytes(bytes)}</span>
  )
}

/** The checksum as `kafka-dump-log` users know it is decimal; as bytes on disk it is this. */
function hex32(crc: number): string {
  return `0x${(crc >>> 0).toString(16).padStart(8, '0')}`
}
