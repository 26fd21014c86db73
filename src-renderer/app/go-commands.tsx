/** The commands that lead to the cluster's pages, and those that concern the whole view. */
import { useNavigate } from '@tanstack/react-router'
import { useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { useCommands } from '../ui/commands.ts'
import { copyText } from '../ui/copy-text.ts'
import { useZone } from '../ui/format/zone-context.ts'
import { useChooseZone } from './zone-choice.tsx'

export function GoCommands() {
  const navigate = useNavigate()
  const cluster = useCluster()
  const zone = useZone()
  const chooseZone = useChooseZone()
  const params = { cluster: cluster.id }
  useCommands([
    {
      id: 'go-overview',
      title: t('navigation.overview'),
      shortcut: 'g o',
      group: 'go',
      run: () => void navigate({ to: '/$cluster/overview', params }),
    },
    {
      id: 'go-topics',
      title: t('navigation.topics'),
      shortcut: 'g t',
      group: 'go',
      run: () => void navigate({ to: '/$cluster/topics', params }),
    },
    {
      id: 'go-groups',
      title: t('navigation.groups'),
      shortcut: 'g g',
      group: 'go',
      run: () => void navigate({ to: '/$cluster/groups', params }),
    },
    {
      id: 'go-partitions',
      title: t('navigation.partitions'),
      shortcut: 'g p',
      group: 'go',
      run: () => void navigate({ to: '/$cluster/partitions', params, search: {} }),
    },
    {
      id: 'go-brokers',
      title: t('navigation.brokers'),
      shortcut: 'g b',
      group: 'go',
      run: () => void navigate({ to: '/$cluster/brokers', params }),
    },
    {
      id: 'go-wire',
      title: t('navigation.wire'),
      shortcut: 'g w',
      group: 'go',
      run: () => void navigate({ to: '/$cluster/wire', params }),
    },
    {
      id: 'copy-link',
      title: t('view.copyLink'),
      shortcut: 'y',
      group: 'view',
      run: () => void copyText(linkTo(location.href, zone), t('view.linkCopied')),
    },
    {
      id: 'copy-bootstrap',
      title: t('view.copyBootstrap'),
      group: 'view',
      run: () => void copyText(cluster.bootstrap),
    },
    {
      id: 'zone-local',
      title: t('zone.useLocal'),
      group: 'view',
      run: () => chooseZone('local'),
    },
    { id: 'zone-utc', title: t('zone.useUtc'), group: 'view', run: () => chooseZone('UTC') },
  ])
  return null
}

/** The address with the zone in it, so that both readers see the same figures. */
export function linkTo(href: string, zone: string): string {
  const resolved = zone === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : zone
  const [before, hash = ''] = href.split('#')
  const [path, search] = hash.split('?')
  const parameters = new URLSearchParams(search)
  parameters.set('tz', resolved)
  const text = parameters
    .toString()
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
  return `${before}#${path}?${text}`
}
