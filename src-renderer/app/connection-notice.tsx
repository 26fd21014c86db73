/** Says that what is on the screen is from before, for as long as that is so. */
import { useClient, useConnectionState } from '../connection/client-context.tsx'
import { t } from '../i18n/i18n.ts'

export function ConnectionNotice() {
  const state = useConnectionState(useClient())
  if (state.type === 'open') return null
  return (
    <div className="notice" data-tone="bad" role="alert">
      {state.type === 'closed'
        ? t('connection.closed')
        : t('connection.lost', { attempt: state.attempt })}
    </div>
  )
}
