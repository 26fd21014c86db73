/** What a purge would take, in one sentence and partition by partition. */
import type { PurgePartition, PurgePreview } from '../../../src-main/contract/model/topic.ts'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'

const ROWS_MAX = 200

export function PurgeSum({ preview }: { readonly preview: PurgePreview }) {
  const { recordCount, sizeBytes, cleanupPolicy } = preview
  if (recordCount === 0n) return <p>{t('purge.nothing')}</p>
  const words = { formatted: formatCount(recordCount), bytes: formatBytes(sizeBytes) }
  const estimate = cleanupPolicy?.includes('compact') === true
  return (
    <p title={t('purge.sumHint')}>
      <strong>
        {estimate
          ? t('purge.sumEstimate', words)
          : t('purge.sum', { count: Number(recordCount), ...words })}
      </strong>{' '}
      {t('purge.forEver')} <span className="faint">{t('purge.sumHint')}</span>
    </p>
  )
}

export function PurgePreviewTable({
  partitions,
}: {
  readonly partitions: readonly PurgePartition[]
}) {
  const shown = partitions.slice(0, ROWS_MAX)
  return (
    <div className="purge-table" tabIndex={0}>
      <table className="review-table">
        <thead>
          <tr>
            <th scope="col">{t('purge.partition')}</th>
            <th scope="col">{t('purge.start')}</th>
            <th scope="col">{t('purge.new')}</th>
            <th scope="col">{t('purge.endOffset')}</th>
            <th scope="col">{t('purge.records')}</th>
            <th scope="col">{t('purge.bytes')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(row => (
            <tr key={row.partition} data-idle={row.recordCount === 0n || undefined}>
              <th scope="row" className="mono">
                {row.partition}
              </th>
              {row.problem === null ? (
                <>
                  <td className="mono">{row.logStartOffset?.toString() ?? UNKNOWN}</td>
                  <td className="mono">{row.beforeOffset?.toString() ?? UNKNOWN}</td>
                  <td className="mono">{row.highWatermark?.toString() ?? UNKNOWN}</td>
                  <td>{formatCount(row.recordCount)}</td>
                  <td>{formatBytes(row.sizeBytes)}</td>
                </>
              ) : (
                <td colSpan={5} className="bad">
                  {row.problem.code}: {sayProblem(row.problem).message}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {partitions.length > ROWS_MAX && (
        <p className="faint">{t('purge.more', { count: partitions.length - ROWS_MAX })}</p>
      )}
    </div>
  )
}
