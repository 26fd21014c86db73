/** A cluster that does not run says so above every page. */
import { useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { sayProblem } from '../i18n/problems.ts'

export function ClusterTrouble() {
  const { state, problem: trouble, name } = useCluster()
  if (state === 'running') return null
  const problem = trouble === null ? null : sayProblem(trouble)
  const waiting = state === 'starting' || state === 'stopping'
  return (
    <div className="notice" data-tone={waiting ? 'calm' : 'bad'} role="status">
      {t(`cluster.state.${state}`, { name })}
      {problem !== null && (
        <span className="mono clip">
          {problem.code}: {problem.message}
        </span>
      )}
      {problem?.remedy}
    </div>
  )
}
