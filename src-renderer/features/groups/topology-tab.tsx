/** A streams group's subtopologies: what each reads, and the internal topics that it keeps. */
import type { StreamsSubtopology, StreamsTopology } from '../../../src-main/contract/model/group.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { RowLink } from '../../ui/row-link.tsx'
import { Empty } from '../../ui/state/states.tsx'

export function TopologyTab({ topology }: { readonly topology: StreamsTopology | null }) {
  if (topology === null) return <Empty sentence={t('group.topology.unknown')} />
  const { epoch, subtopologies } = topology
  if (subtopologies === null) return <Empty sentence={t('group.topology.notReady')} />
  return (
    <div className="topology" tabIndex={0} role="region" aria-label={t('group.tab.topology')}>
      <p className="faint">
        {t('group.topology.count', { count: subtopologies.length })} ·{' '}
        {t('group.epoch', { number: epoch })}
      </p>
      <table className="review-table">
        <thead>
          <tr>
            <th scope="col">{t('group.topology.subtopology')}</th>
            {KINDS.map(kind => (
              <th key={kind} scope="col" title={t(`group.topology.hint.${kind}`)}>
                {t(`group.topology.${kind}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {subtopologies.map(each => (
            <tr key={each.subtopologyId}>
              <th scope="row" className="mono">
                {each.subtopologyId}
              </th>
              {KINDS.map(kind => (
                <td key={kind}>
                  <Topics names={each[kind]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const KINDS = [
  'sourceTopics',
  'repartitionSourceTopics',
  'repartitionSinkTopics',
  'changelogTopics',
] as const satisfies readonly (keyof StreamsSubtopology)[]

function Topics({ names }: { readonly names: readonly string[] }) {
  const cluster = useCluster().id
  if (names.length === 0) return <span className="faint">{t('group.topology.none')}</span>
  return (
    <ul className="topology-topics">
      {names.map(name => (
        <li key={name}>
          <RowLink path={[cluster, 'topics', name]} title={name}>
            {name}
          </RowLink>
        </li>
      ))}
    </ul>
  )
}
