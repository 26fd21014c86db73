/** What Kafka stores round a record: its place, its time, and the batch that it came in. */
import type { ReactNode } from 'react'
import type { RecordDetail } from '../../../src-main/contract/model/record.ts'
import { t } from '../../i18n/i18n.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, threeDigits } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { HeldBytes } from '../../ui/value/byte-source.ts'
import { HexView } from '../../ui/value/hex-view.tsx'

const RATIO_WORTH_SAYING = 1.02

export function MetadataView({ detail }: { readonly detail: RecordDetail }) {
  const { batch, key, value } = detail
  const ratio = batch.uncompressedBytes / batch.sizeBytes
  return (
    <div className="metadata">
      <h3 className="section-title">{t('metadata.record')}</h3>
      <dl>
        <Line name={t('metadata.topic')} copy={detail.topic}>
          {detail.topic}
        </Line>
        <Line name={t('metadata.partition')}>{detail.partition}</Line>
        <Line name={t('metadata.offset')} copy={detail.offset.toString()}>
          {detail.offset.toString()}
        </Line>
        <Line name={t('metadata.time')} copy={detail.timestampMs.toString()}>
          <Moment timestampMs={detail.timestampMs} />{' '}
          <span className="faint">{t(`metadata.timeType.${detail.timestampType}`)}</span>
        </Line>
        <Line name={t('metadata.keySize')}>
          {key === null ? t('messages.nullKey') : <Bytes bytes={key.sizeBytes} />}
        </Line>
        <Line name={t('metadata.valueSize')}>
          {value === null ? t('messages.tombstone') : <Bytes bytes={value.sizeBytes} />}
        </Line>
        <Line name={t('metadata.headers')}>{detail.headers.length}</Line>
      </dl>
      <h3 className="section-title">{t('metadata.batch')}</h3>
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
      <h3 className="section-title">
        {t('metadata.bytes')}
        {batch.bytes.bytes.length < batch.bytes.sizeBytes && (
          <span className="faint">
            {' '}
            {t('metadata.firstBytes', { size: formatBytes(batch.bytes.bytes.length) })}
          </span>
        )}
      </h3>
      <div className="metadata-bytes">
        <HexView source={new HeldBytes(batch.bytes.bytes)} />
      </div>
    </div>
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
  return <span title={`${formatCount(bytes)} B`}>{formatBytes(bytes)}</span>
}

/** The checksum as `kafka-dump-log` users know it is decimal; as bytes on disk it is this. */
function hex32(crc: number): string {
  return `0x${(crc >>> 0).toString(16).padStart(8, '0')}`
}
