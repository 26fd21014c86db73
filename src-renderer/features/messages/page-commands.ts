/** The commands of the page, for keys and for the palette. */
import { t } from '../../i18n/i18n.ts'
import { useCommands } from '../../ui/commands.ts'
import type { MessagesQuery } from './query/address.ts'

interface PageCommands {
  readonly query: MessagesQuery
  readonly paused: boolean
  readonly onPause: (paused: boolean) => void
  readonly onQuery: (change: Partial<MessagesQuery>) => void
  readonly readAgain: () => void
  readonly focusFilter: () => void
  readonly onExport: () => void
  /** False when nothing runs. */
  readonly stop: () => boolean
}

export function usePageCommands(page: PageCommands) {
  const { query, paused, onQuery } = page
  const live = query.until.type === 'never'
  const toggleLive = () =>
    onQuery(
      live ? { until: { type: 'now' } } : { from: { type: 'newest' }, until: { type: 'never' } },
    )
  useCommands([
    {
      id: 'messages-read',
      title: t('messages.readAgain'),
      shortcut: 'r',
      group: 'page',
      run: page.readAgain,
    },
    {
      id: 'messages-filter',
      title: t('messages.toFilter'),
      shortcut: 'f',
      group: 'page',
      run: page.focusFilter,
    },
    {
      id: 'messages-stop',
      title: t('messages.stopSearch'),
      shortcut: 's',
      group: 'page',
      run: () => void page.stop(),
    },
    {
      id: 'messages-export',
      title: t('export.open'),
      group: 'page',
      run: page.onExport,
    },
    {
      id: 'messages-live',
      title: live ? t('messages.stopLive') : t('messages.startLive'),
      shortcut: 'l',
      group: 'page',
      run: toggleLive,
    },
    ...(live
      ? [
          {
            id: 'messages-pause',
            title: paused ? t('messages.resume') : t('messages.pause'),
            shortcut: 'h',
            group: 'page' as const,
            run: () => page.onPause(!paused),
          },
        ]
      : []),
    {
      id: 'messages-newest',
      title: t('messages.goNewest'),
      shortcut: 'g e',
      group: 'page',
      run: () => onQuery({ from: { type: 'newest' }, until: { type: 'now' } }),
    },
    {
      id: 'messages-oldest',
      title: t('messages.goOldest'),
      shortcut: 'g s',
      group: 'page',
      run: () => onQuery({ from: { type: 'oldest' }, until: { type: 'now' } }),
    },
  ])
  return { toggleLive }
}
