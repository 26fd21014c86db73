/** The producing panel beside a topic's tab, and what opens it. */
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Send } from 'lucide-react'
import { use } from 'react'
import { useCluster } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'
import { ProducePanel } from '../produce/produce-panel.tsx'
import { readProduce, type ProduceTab } from '../produce/produce-search.ts'
import { Button } from '../ui/button.tsx'
import { commandRegistry, useCommands } from '../ui/commands.ts'
import { ResizableAside } from '../ui/resizable-aside.tsx'
import { ClustersContext } from './clusters-context.ts'

/** Opens the panel, or closes it with null; the rest of the address stays. */
function useProduceView() {
  const { produce } = useSearch({ from: '/$cluster/topics/$topic' })
  const navigate = useNavigate()
  const show = (next: ProduceTab | null) =>
    // To where one is, whichever tab that may be.
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, produce: next ?? undefined }),
    })
  return { view: readProduce(produce), show }
}

export function ProduceButton() {
  const cluster = useCluster()
  const { view, show } = useProduceView()
  const toggle = () => show(view === null ? 'new' : null)
  useCommands([
    {
      id: 'produce-open',
      title: t('produce.open'),
      shortcut: 'p',
      group: 'page',
      run: () => show('new'),
    },
    { id: 'produce-many', title: t('produce.openMany'), group: 'page', run: () => show('many') },
    { id: 'produce-file', title: t('produce.openFile'), group: 'page', run: () => show('file') },
    {
      id: 'produce-replay',
      title: t('produce.openReplay'),
      group: 'page',
      run: () => show('replay'),
    },
  ])
  return (
    <Button
      icon={<Send size={14} aria-hidden />}
      aria-pressed={view !== null}
      title={`${t('produce.openHint')} · p`}
      whyNot={cluster.readOnly ? t('produce.readOnly') : null}
      onClick={toggle}
    >
      {t('produce.open')}
    </Button>
  )
}

/** Places in the messages that a reader chose; whoever reads there is not torn away. */
const CHOSEN = ['from', 'until', 'live', 'run', 'q', 'where', 'cel', 'key', 'at']

/** The newest records are shown: then the ones just written are, too. */
function readAgain(): void {
  const search = new URLSearchParams(location.hash.split('?')[1])
  if (CHOSEN.some(name => search.has(name))) return
  commandRegistry
    .snapshot()
    .find(({ id }) => id === 'messages-read')
    ?.run()
}

/** The tab that is shown, and the panel where it is open. */
export function TopicBody() {
  const { topic } = useParams({ from: '/$cluster/topics/$topic' })
  const clusters = use(ClustersContext)
  const { view, show } = useProduceView()
  return (
    <div className="topic-with-panel">
      <div className="topic-outlet">
        <Outlet />
      </div>
      {view !== null && (
        <ResizableAside id="produce" label={t('produce.resize')} widthPx={440}>
          <ProducePanel
            topic={topic}
            view={view}
            clusters={clusters}
            onTab={show}
            onClose={() => show(null)}
            onWritten={readAgain}
          />
        </ResizableAside>
      )}
    </div>
  )
}
