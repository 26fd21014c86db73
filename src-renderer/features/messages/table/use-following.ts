/** New records enter the table by themselves only while nobody reads in it. */
import { useCallback, useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../../connection/client-context.tsx'
import { useLatest } from '../../../ui/use-latest.ts'

interface Followed {
  readonly show: (first: number, end: number) => void
  readonly setFollow: (follows: boolean) => void
}

interface FollowingOptions {
  readonly live: boolean
  readonly paused: boolean
  readonly active: string | null
  readonly rowCount: number
  readonly newestAt: 'top' | 'bottom'
}

export interface Following {
  readonly following: boolean
  readonly connected: boolean
  readonly onVisible: (first: number, end: number) => void
}

export function useFollowing(
  view: Followed,
  { live, paused, active, rowCount, newestAt }: FollowingOptions,
): Following {
  const [seesEnd, setSeesEnd] = useState(true)
  const latest = useLatest({ rowCount, newestAt })
  const connected = useConnectionState(useClient()).type === 'open'
  const following = live && connected && !paused && active === null && seesEnd
  useEffect(() => view.setFollow(following || !live), [view, following, live])
  const onVisible = useCallback(
    (first: number, end: number) => {
      view.show(first, end)
      const { rowCount: count, newestAt: place } = latest.current
      setSeesEnd(place === 'top' ? first === 0 : end >= count)
    },
    [view, latest],
  )
  return { following, connected, onVisible }
}
