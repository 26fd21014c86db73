/** The outermost part of every page: client, zone, clusters, notices, palette, shortcuts. */
import { Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useClient, useConnectionState, useHeld } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { Failure, Loading } from '../ui/state/states.tsx'
import { useStore } from '../ui/store.ts'
import { Clusters } from './clusters.ts'
import { ClustersContext } from './clusters-context.ts'
import { Palette } from './palette.tsx'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { useMenuCommands, useShortcutKeys } from './use-shortcut-keys.ts'
import { ZoneProvider } from './zone-choice.tsx'

export function Root() {
  const client = useClient()
  const clusters = useHeld(() => new Clusters(client), 'all')
  const { value, problem } = useStore(clusters)
  const connection = useConnectionState(client)
  const params = useParams({ strict: false })
  const navigate = useNavigate()
  useShortcutKeys()
  useMenuCommands()

  const first = value?.[0]?.id
  useEffect(() => {
    if (params.cluster === undefined && first !== undefined)
      void navigate({ to: '/$cluster/overview', params: { cluster: first }, replace: true })
  }, [params.cluster, first, navigate])

  if (value === null) {
    if (problem !== null && connection.type === 'open')
      return (
        <Failure what={t('app.readingClusters')} problem={problem} onRetry={clusters.refresh} />
      )
    return <Loading what={t('app.connecting')} />
  }
  return (
    <ClustersContext value={value}>
      <ZoneProvider>
        <Outlet />
      </ZoneProvider>
      <Palette />
      <ShortcutSheet />
    </ClustersContext>
  )
}
