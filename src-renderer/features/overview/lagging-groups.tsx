/** The groups that fall behind most. */
import { Link } from '@tanstack/react-router'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { formatCount } from '../../ui/format/number.ts'
import { useStore } from '../../ui/store.ts'
import { GroupLags } from './group-lags.ts'
import { useSteadyOrder } from './steady-order.ts'

const SHOWN = 6

export function LaggingGroups() {
  const client = useClient()
  const cluster = useCluster().id
  const lags = useHeld(() => new GroupLags(client, cluster), cluster)
  const { groups, problem, atMs } = useStore(lags)
  const behind = groups.filter(({ totalLag }) => totalLag !== null && totalLag > 0n)
  const untold = groups.filter(each => each.problem !== null).length
  const names = useSteadyOrder(
    behind.map(group => [group.groupId, Number(group.totalLag ?? 0n)]),
    atMs,
  )
  const byId = new Map(behind.map(group => [group.groupId, group]))
  const shown = names.slice(0, SHOWN).flatMap(id => byId.get(id) ?? [])
  const most = Math.max(1, ...shown.map(({ totalLag }) => Number(totalLag)))
  return (
    <section className="panel">
      <header className="panel-head">
        <h2 className="section-title">{t('overview.lagging')}</h2>
        <span className="faint small">
          {groups.length > 0 && t('overview.groupCount', { count: groups.length })}
        </span>
      </header>
      {problem !== null && <p className="panel-empty bad">{problem.message}</p>}
      {untold > 0 && (
        <p className="panel-empty warn">{t('overview.lagUntold', { count: untold })}</p>
      )}
      {shown.length === 0 && problem === null ? (
        untold < Math.max(1, groups.length) && (
          <p className="panel-empty faint">
            {groups.length === 0 ? t('overview.noGroups') : t('overview.nobodyLags')}
          </p>
        )
      ) : (
        <table className="small-table">
          <thead>
            <tr>
              <th>{t('groups.group')}</th>
              <th>{t('groups.members')}</th>
              <th className="number">{t('groups.lag')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ groupId, totalLag, memberCount }) => (
              <tr key={groupId}>
                <td className="clip">
                  <Link
                    to="/$cluster/groups/$group"
                    params={{ cluster, group: groupId }}
                    className="name-link"
                    title={groupId}
                  >
                    {groupId}
                  </Link>
                </td>
                <td className="quiet">{t('overview.memberCount', { count: memberCount })}</td>
                <td className="number">
                  <span className="share">
                    <span className="share-bar" aria-hidden>
                      <span
                        style={{
                          width: `${(Number(totalLag) / most) * 100}%`,
                          background: 'var(--warn)',
                        }}
                      />
                    </span>
                    <span className="share-figure">{formatCount(totalLag)}</span>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
