/** The frame round every page of a cluster: clusters, navigation, the page, the status bar. */
import { Outlet, useParams } from '@tanstack/react-router'
import { use } from 'react'
import { ClusterContext } from '../connection/client-context.tsx'
import { ClusterLiveProvider } from '../connection/cluster-live.tsx'
import { t } from '../i18n/i18n.ts'
import { Gone } from '../ui/state/states.tsx'
import { Button } from '../ui/button.tsx'
import { useNavigate } from '@tanstack/react-router'
import { ClusterRail } from './cluster-rail.tsx'
import { ClusterTrouble } from './cluster-trouble.tsx'
import { ClustersContext } from './clusters-context.ts'
import { ConnectionNotice } from './connection-notice.tsx'
import { GoCommands } from './go-commands.tsx'
import { Navigation } from './navigation.tsx'
import { SampleBanner } from './sample-banner.tsx'
import { StatusBar } from './status/status-bar.tsx'
import './frame.css'

export function ClusterFrame() {
  const { cluster: id } = useParams({ from: '/$cluster' })
  const clusters = use(ClustersContext)
  const navigate = useNavigate()
  const cluster = clusters.find(known => known.id === id)
  if (cluster === undefined)
    return (
      <Gone sentence={t('lost.cluster', { id })}>
        <Button onClick={() => void navigate({ to: '/' })}>{t('lost.home')}</Button>
      </Gone>
    )
  return (
    <ClusterContext value={cluster}>
      <ClusterLiveProvider key={cluster.id}>
        <div className="frame" style={{ '--cluster': cluster.colour } as React.CSSProperties}>
          <ClusterRail current={cluster.id} />
          <Navigation />
          <main className="frame-page">
            <ConnectionNotice />
            <ClusterTrouble />
            <SampleBanner />
            <div className="frame-content">
              <Outlet />
            </div>
          </main>
          <StatusBar />
          <GoCommands />
        </div>
      </ClusterLiveProvider>
    </ClusterContext>
  )
}
