/** A square for each cluster in its owner's colour, and what belongs to the application itself. */
import { Tooltip, useMantineColorScheme } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { Link } from '@tanstack/react-router'
import { Command, Keyboard, Lock, MonitorCog, Moon, Sun } from 'lucide-react'
import { use } from 'react'
import { t } from '../i18n/i18n.ts'
import { useCommands } from '../ui/commands.ts'
import { ClustersContext } from './clusters-context.ts'
import { LanguageChoice } from './language-choice.tsx'
import { shortcutSheet } from './shortcut-sheet.tsx'

export function ClusterRail({ current }: { readonly current: string }) {
  const clusters = use(ClustersContext)
  return (
    <nav className="rail" aria-label={t('rail.clusters')}>
      {clusters.map(cluster => (
        <Tooltip
          key={cluster.id}
          position="right"
          label={`${cluster.name}${cluster.readOnly ? ` · ${t('rail.readOnly')}` : ''}`}
        >
          <Link
            to="/$cluster/overview"
            params={{ cluster: cluster.id }}
            className="rail-cluster"
            aria-label={cluster.name}
            aria-current={cluster.id === current || undefined}
            style={{ '--cluster': cluster.colour } as React.CSSProperties}
            data-initials={initials(cluster.name)}
          >
            {cluster.readOnly && <Lock size={10} aria-hidden />}
          </Link>
        </Tooltip>
      ))}
      <span className="spacer" />
      <RailButton label={t('rail.palette')} keys="⌘K" onClick={() => spotlight.open()}>
        <Command size={15} aria-hidden />
      </RailButton>
      <RailButton label={t('rail.shortcuts')} keys="?" onClick={() => shortcutSheet.toggle()}>
        <Keyboard size={15} aria-hidden />
      </RailButton>
      <LanguageChoice />
      <SchemeButton />
    </nav>
  )
}

const SCHEMES = ['auto', 'light', 'dark'] as const
const SCHEME_ICONS = { auto: MonitorCog, light: Sun, dark: Moon }

function SchemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const next = SCHEMES[(SCHEMES.indexOf(colorScheme) + 1) % SCHEMES.length] ?? 'auto'
  useCommands(
    SCHEMES.map(scheme => ({
      id: `scheme-${scheme}`,
      title: t(`scheme.${scheme}`),
      group: 'view' as const,
      run: () => setColorScheme(scheme),
    })),
  )
  const Icon = SCHEME_ICONS[colorScheme]
  return (
    <RailButton label={t(`scheme.${colorScheme}`)} onClick={() => setColorScheme(next)}>
      <Icon size={15} aria-hidden />
    </RailButton>
  )
}

interface RailButtonProps {
  readonly label: string
  readonly keys?: string
  readonly onClick: () => void
  readonly children: React.ReactNode
}

function RailButton({ label, keys, onClick, children }: RailButtonProps) {
  return (
    <Tooltip position="right" label={keys === undefined ? label : `${label} · ${keys}`}>
      <button type="button" className="rail-button" aria-label={label} onClick={onClick}>
        {children}
      </button>
    </Tooltip>
  )
}

function initials(name: string): string {
  return name.slice(0, 2)
}
