/** The keys with the most records and with the most bytes. */
import type { LargeKey, LargestKeys } from '../../../src-main/contract/model/statistics.ts'
import { t } from '../../i18n/i18n.ts'
import { formatBytes } from '../../ui/format/bytes.ts'
import { formatCount } from '../../ui/format/number.ts'
import { shareOf } from './totals.tsx'

const SHOWN_MAX = 20

interface LargeKeysProps {
  readonly keys: LargestKeys
  readonly records: bigint
  readonly bytes: bigint
}

export function LargeKeys({ keys, records, bytes }: LargeKeysProps) {
  return (
    <div className="statistics-pair">
      <KeyTable
        title={t('statistics.keysByCount')}
        amount={t('statistics.records')}
        keys={keys.byCount}
        whole={records}
        format={formatCount}
      />
      <KeyTable
        title={t('statistics.keysByBytes')}
        amount={t('statistics.bytes')}
        keys={keys.byBytes}
        whole={bytes}
        format={formatBytes}
      />
    </div>
  )
}

interface KeyTableProps {
  readonly title: string
  readonly amount: string
  readonly keys: readonly LargeKey[]
  readonly whole: bigint
  readonly format: (amount: bigint) => string
}

function KeyTable({ title, amount: amountTitle, keys, whole, format }: KeyTableProps) {
  const shown = keys.slice(0, SHOWN_MAX)
  const most = shown[0]?.amount ?? 1n
  return (
    <section>
      <h3 className="section-title">{title}</h3>
      {shown.length === 0 ? (
        <p className="quiet">{t('statistics.noKeys')}</p>
      ) : (
        <table className="statistics-keys">
          <thead>
            <tr>
              <th scope="col">{t('statistics.key')}</th>
              <th scope="col">{t('statistics.partition')}</th>
              <th scope="col">{amountTitle}</th>
              <th scope="col">{t('statistics.share')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ key, keyBytes, truncated, partition, amount, overcount }) => (
              <tr key={`${partition} ${keyBytes.join()}`}>
                <th scope="row" className="mono clip" title={key}>
                  {key === '' ? <span className="absent">{t('value.empty')}</span> : key}
                  {truncated && '…'}
                </th>
                <td className="mono">{partition}</td>
                <td
                  title={
                    overcount > 0n
                      ? t('statistics.overcount', { most: format(overcount) })
                      : t('statistics.exact')
                  }
                >
                  <span
                    className="share-bar"
                    style={
                      {
                        '--share': `${most === 0n ? 0 : Number((amount * 100n) / most)}%`,
                      } as React.CSSProperties
                    }
                    aria-hidden
                  />
                  {overcount > 0n && <span className="faint">≈ </span>}
                  {format(amount)}
                </td>
                <td className="faint">{shareOf(amount, whole)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
