/** A group that is not there yet: only its name is asked here, the rest is the lab's. */
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { AskedAnswer } from '../../connection/answer.ts'
import { useClient, useCluster, useHeld } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { useStore } from '../../ui/store.ts'
import './offsets.css'

const route = getRouteApi('/$cluster/create-group')
const NAME_CHARS_MAX = 32_767

export function CreateGroupPage() {
  const client = useClient()
  const cluster = useCluster()
  const { group: begun, t: scope } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useHeld(
    () => new AskedAnswer(client, 'group.list', { cluster: cluster.id }),
    cluster.id,
  )
  const names = useStore(list).value ?? []
  const [name, setName] = useState(begun ?? '')
  const taken = names.some(({ groupId }) => groupId === name)
  const whyNot = cluster.readOnly
    ? t('offsets.whyNot.readOnly')
    : name === ''
      ? t('offsets.create.empty')
      : name.length > NAME_CHARS_MAX
        ? t('offsets.create.long', { max: NAME_CHARS_MAX })
        : null
  return (
    <div className="page">
      <div className="toolbar">
        <h1 className="page-title">{t('offsets.create.title')}</h1>
      </div>
      <form
        className="lab-create"
        onSubmit={event => {
          event.preventDefault()
          if (whyNot !== null) return
          void navigate({
            to: '/$cluster/groups/$group/offsets',
            params: { cluster: cluster.id, group: name },
            search: { t: scope ?? (taken ? undefined : ';') },
          })
        }}
      >
        <p className="quiet">{t('offsets.create.what')}</p>
        <label className="create-line">
          <span className="create-label">{t('offsets.create.name')}</span>
          <input
            className="field mono"
            value={name}
            autoFocus
            spellCheck={false}
            autoComplete="off"
            onChange={event => setName(event.currentTarget.value)}
          />
          <span className={taken ? 'small warn' : 'small faint'}>
            {taken ? t('offsets.create.taken') : t('offsets.create.rule')}
          </span>
        </label>
        <div>
          <Button kind="primary" type="submit" whyNot={whyNot}>
            {t('offsets.create.act')}
          </Button>
        </div>
      </form>
    </div>
  )
}
