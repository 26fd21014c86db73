import { useEffect, useRef } from 'react'
import type { ProduceRun } from '../../src-main/contract/model/produce.ts'
import { useLatest } from '../ui/use-latest.ts'

/** Tells once that a run has ended which was seen running and wrote something. */
export function useWhenWritten(run: ProduceRun | null, onWritten: () => void): void {
  const latest = useLatest(onWritten)
  const running = useRef<string | null>(null)
  const runId = run?.runId ?? null
  const ended = run !== null && run.endedAtMs !== null
  const wrote = run !== null && run.sentCount > 0n
  useEffect(() => {
    if (!ended) running.current = runId
    else if (running.current === runId) {
      running.current = null
      if (wrote) latest.current()
    }
  }, [runId, ended, wrote, latest])
}
