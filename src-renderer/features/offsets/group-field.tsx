import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { useStore } from '../../ui/store.ts'
import { NameField } from './name-field.tsx'

interface GroupFieldProps {
  readonly own: string
  readonly value: string
  readonly onValue: (groupId: string) => void
}

/** Another group, whose offsets are taken. */
export function GroupField({ own, value, onValue }: GroupFieldProps) {
  const client = useClient()
  const cluster = useCluster().id
  const list = useHeld(() => new AskedAnswer(client, 'group.list', { cluster }), cluster)
  const names = (useStore(list).value ?? []).map(({ groupId }) => groupId)
  return (
    <div className="lab-value">
      <NameField
        value={value}
        onChange={onValue}
        names={names.filter(name => name !== own)}
        label={t('offsets.strategy.groupField')}
        autoFocus
      />
    </div>
  )
}
