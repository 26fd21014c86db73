/** `⌘K`: every page, topic, group, broker and command by name. */
import {
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
} from '@mantine/spotlight'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useClient } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { commandRegistry } from '../ui/commands.ts'
import { useStore } from '../ui/store.ts'

const FOUND_MAX = 60
/** What this page can do comes before where one can go. */
const GROUP_ORDER = ['page', 'go', 'view']

interface Names {
  readonly topics: readonly string[]
  readonly groups: readonly string[]
  readonly brokers: readonly number[]
}

const NO_NAMES: Names = { topics: [], groups: [], brokers: [] }

export function Palette() {
  const client = useClient()
  const navigate = useNavigate()
  const { cluster } = useParams({ strict: false })
  const commands = useStore(commandRegistry)
  const [names, setNames] = useState(NO_NAMES)
  const [query, setQuery] = useState('')

  const readNames = async () => {
    if (cluster === undefined) return
    const [topics, groups, overview] = await Promise.allSettled([
      client.call('topic.list', { cluster }),
      client.call('group.list', { cluster }),
      client.call('cluster.overview', { cluster }),
    ])
    setNames({
      topics: topics.status === 'fulfilled' ? (topics.value.topics?.name ?? []) : [],
      groups: groups.status === 'fulfilled' ? groups.value.map(group => group.groupId) : [],
      brokers: overview.status === 'fulfilled' ? overview.value.brokers.map(({ id }) => id) : [],
    })
  }

  const actions = useMemo((): SpotlightActionGroupData[] => {
    const wanted = query.trim().toLowerCase()
    const fits = (text: string) => matches(text, wanted)
    const things = (
      names: readonly string[],
      kind: string,
      open: (name: string) => void,
    ): SpotlightActionData[] =>
      best(names.filter(fits), wanted)
        .slice(0, wanted === '' ? 8 : FOUND_MAX)
        .map(name => ({
          id: `${kind}:${name}`,
          label: name,
          className: 'palette-thing',
          onClick: () => open(name),
        }))
    const at = cluster ?? ''
    const groups: SpotlightActionGroupData[] = [
      {
        group: t('palette.commands'),
        actions: [...commands]
          .sort((a, b) => GROUP_ORDER.indexOf(a.group) - GROUP_ORDER.indexOf(b.group))
          .filter(command => fits(command.title))
          .map(({ id, title, shortcut, run }) => ({
            id,
            label: title,
            onClick: run,
            rightSection:
              shortcut === undefined ? undefined : <kbd className="kbd">{shortcut}</kbd>,
          })),
      },
      {
        group: t('navigation.topics'),
        actions: things(
          names.topics,
          'topic',
          topic => void navigate({ to: '/$cluster/topics/$topic', params: { cluster: at, topic } }),
        ),
      },
      {
        group: t('navigation.groups'),
        actions: things(
          names.groups,
          'group',
          group => void navigate({ to: '/$cluster/groups/$group', params: { cluster: at, group } }),
        ),
      },
      {
        group: t('navigation.brokers'),
        actions: things(
          names.brokers.map(String),
          'broker',
          broker =>
            void navigate({ to: '/$cluster/brokers/$broker', params: { cluster: at, broker } }),
        ),
      },
    ]
    return groups.filter(group => group.actions.length > 0)
  }, [commands, names, query, cluster, navigate])

  // The library chooses the first of what it finds when the query changes, and never again: where
  // the names come after the query, Enter would open nothing.
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (query === '' || actions.length === 0) return
    if (document.querySelector('.palette-action[data-selected]') !== null) return
    field.current?.dispatchEvent(new KeyboardEvent('keydown', { code: 'ArrowDown', bubbles: true }))
  }, [actions, query])

  return (
    <Spotlight
      actions={actions}
      // The list is filtered here, best first, so that ten thousand topics stay quick.
      filter={(_, found) => found}
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => void readNames()}
      shortcut={['mod + K']}
      nothingFound={t('palette.nothing')}
      scrollable
      centered={false}
      yOffset="14vh"
      overlayProps={{ blur: 0, backgroundOpacity: 0.25 }}
      classNames={{ action: 'palette-action', actionsGroup: 'palette-group' }}
      maxHeight={420}
      transitionProps={{ duration: 80 }}
      searchProps={{
        ref: field,
        leftSection: <Search size={16} aria-hidden />,
        placeholder: t('palette.placeholder'),
      }}
    />
  )
}

/** Every word of the query occurs somewhere. */
function matches(text: string, query: string): boolean {
  const lower = text.toLowerCase()
  return query.split(/\s+/).every(word => lower.includes(word))
}

/** Names that begin with the query come first, then shorter ones. */
function best(names: readonly string[], query: string): readonly string[] {
  if (query === '') return names
  const rank = (name: string) => (name.toLowerCase().startsWith(query) ? 0 : 1)
  return [...names].sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1))
}
