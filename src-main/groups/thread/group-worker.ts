/**
 * The groups' thread: looks at all groups in the background, keeps their past in a database, and
 * answers what pages ask about them. A mistake in it ends it; its owner starts another.
 */
import { performance } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import type { GroupJournalEvent } from '../../../engine/group/group-events.ts'
import { wait } from '../../clusters/wait.ts'
import { EventHub } from '../../contract/event-hub.ts'
import { serve } from '../../contract/serve.ts'
import { threadPort } from '../../workers/thread-port.ts'
import { MemoryStore } from '../history/memory-store.ts'
import { openHistoryStore } from '../history/open-store.ts'
import { GroupOffice } from './group-office.ts'
import { groupThreadApi, type GroupThreadApi, type JournalMessage } from './group-thread-api.ts'

export interface GroupWorkerData {
  /** Null keeps everything in memory. */
  readonly historyPath: string | null
}

const owner = parentPort!
await run(workerData as GroupWorkerData)

async function run({ historyPath }: GroupWorkerData): Promise<void> {
  const store =
    historyPath === null
      ? new MemoryStore('No folder was given to keep it in.')
      : await openHistoryStore({ path: historyPath })
  const stop = () => owner.close()
  const office = new GroupOffice({ store, nowMs: Date.now, wait, busyMs, stop })
  owner.on('message', (message: unknown) => {
    if (isJournal(message)) office.journal(message.cluster, message.event as GroupJournalEvent)
  })
  serve({
    contract: groupThreadApi,
    handlers: office.handlers(),
    events: new EventHub<GroupThreadApi>(),
    port: threadPort(owner, stop),
  })
}

/** Time on a core where the runtime tells (from Node 23.9 on), else time not spent waiting. */
function busyMs(): number {
  const { threadCpuUsage } = process as Partial<NodeJS.Process>
  if (threadCpuUsage === undefined) return performance.eventLoopUtilization().active
  const { user, system } = threadCpuUsage()
  return (user + system) / 1_000
}

function isJournal(message: unknown): message is JournalMessage {
  return (message as Partial<JournalMessage> | null)?.type === 'journal'
}
