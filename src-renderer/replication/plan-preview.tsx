/** A reassignment before it is begun: each partition before and after, and each broker's share. */
import type { PlannedMove, ReassignmentPlan } from '../../src-main/contract/model/replication.ts'
import { t } from '../i18n/i18n.ts'
import { formatBytes } from '../ui/format/bytes.ts'
import { formatCount } from '../ui/format/number.ts'
import { BrokerMark } from '../ui/glyph.tsx'
import { Loading } from '../ui/state/states.tsx'
import { MovesTable } from './moves-table.tsx'

const SHOWN_MAX = 200
const REFUSALS_MAX = 20

export function PlanPreview({ plan }: { readonly plan: ReassignmentPlan | null }) {
  if (plan === null) return <Loading what={t('reassign.waiting')} />
  const { moves, unchangedCount, copyBytes, refusals } = plan
  return (
    <section className="reassign-plan" aria-label={t('reassign.plan')}>
      <p>
        {moves.length === 0
          ? t('reassign.nothing')
          : t('reassign.moves', { count: moves.length, formatted: formatCount(moves.length) })}
        <span className="faint">
          {' · '}
          {t('reassign.unchanged', {
            count: unchangedCount,
            formatted: formatCount(unchangedCount),
          })}
          {moves.length > 0 && ' · '}
          {moves.length > 0 &&
            (copyBytes === null
              ? t('reassign.copiesUnknown')
              : t('reassign.copies', { bytes: formatBytes(copyBytes) }))}
        </span>
      </p>
      {refusals.length > 0 && (
        <div className="warn">
          <p>{t('reassign.refused', { count: refusals.length })}</p>
          <ul>
            {refusals.slice(0, REFUSALS_MAX).map(({ topic, partition, reason }) => (
              <li key={`${topic}-${partition}`}>
                {t('reassign.refusal', { partition: `${topic}-${partition}`, why: reason })}
              </li>
            ))}
          </ul>
        </div>
      )}
      {moves.length > 0 && (
        <div className="reassign-tables">
          <Moves moves={moves} />
          <Shares plan={plan} />
        </div>
      )}
    </section>
  )
}

function Moves({ moves }: { readonly moves: readonly PlannedMove[] }) {
  return (
    <MovesTable
      label={t('reassign.plan')}
      columns={[
        { title: t('reassign.partition') },
        { title: t('reassign.before') },
        { title: t('reassign.after') },
        { title: t('reassign.bytes'), number: true },
      ]}
      more={
        moves.length > SHOWN_MAX
          ? t('reassign.more', {
              count: moves.length - SHOWN_MAX,
              formatted: formatCount(moves.length - SHOWN_MAX),
            })
          : null
      }
    >
      {moves.slice(0, SHOWN_MAX).map(({ topic, partition, before, after, copyBytes }) => (
        <tr key={`${topic}-${partition}`}>
          <th scope="row" className="mono moves-name" title={`${topic}-${partition}`}>
            {topic}-{partition}
          </th>
          <td>
            <Replicas ids={before} others={after} />
          </td>
          <td>
            <Replicas ids={after} others={before} />
          </td>
          <td className="number">{formatBytes(copyBytes)}</td>
        </tr>
      ))}
    </MovesTable>
  )
}

/** What stays is fainter than what comes or goes. */
function Replicas({ ids, others }: { ids: readonly number[]; others: readonly number[] }) {
  return (
    <span className="moves-replicas">
      {ids.map(id => (
        <span key={id} data-stays={others.includes(id) || undefined}>
          <BrokerMark id={id} />
        </span>
      ))}
    </span>
  )
}

function Shares({ plan }: { readonly plan: ReassignmentPlan }) {
  return (
    <table className="review-table">
      <thead>
        <tr>
          <th scope="col">{t('reassign.share')}</th>
          <th scope="col" className="number">
            {t('reassign.shareReplicas')}
          </th>
          <th scope="col" className="number">
            {t('reassign.sharePreferred')}
          </th>
        </tr>
      </thead>
      <tbody>
        {plan.brokers.map(each => (
          <tr key={each.broker}>
            <th scope="row">
              <BrokerMark id={each.broker} />
            </th>
            <td className="number">
              <Change before={each.replicasBefore} after={each.replicasAfter} />
            </td>
            <td className="number">
              <Change before={each.preferredBefore} after={each.preferredAfter} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Change({ before, after }: { readonly before: number; readonly after: number }) {
  if (before === after) return <span className="faint">{formatCount(after)}</span>
  return (
    <>
      <span className="faint">{formatCount(before)} → </span>
      {formatCount(after)}
    </>
  )
}
