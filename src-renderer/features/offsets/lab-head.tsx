import { Link } from '@tanstack/react-router'
import type { LabGroup } from '../../../src-main/contract/model/offset.ts'
import { useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { sayProblem } from '../../i18n/problems.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'

interface LabHeadProps {
  readonly group: LabGroup
  readonly readOnly: boolean
  readonly onDelete: () => void
}

export function LabHead({ group, readOnly, onDelete }: LabHeadProps) {
  const cluster = useCluster().id
  const { groupId, exists, state, memberCount, whyNot } = group
  return (
    <header className="topic-head">
      <Link to="/$cluster/groups" params={{ cluster }} className="faint crumb">
        {t('navigation.groups')}
      </Link>
      <span className="faint">/</span>
      {exists ? (
        <Link
          to="/$cluster/groups/$group"
          params={{ cluster, group: groupId }}
          className="crumb clip mono"
          title={groupId}
        >
          {groupId === '' ? t('value.empty') : groupId}
        </Link>
      ) : (
        <span className="clip mono" title={groupId}>
          {groupId === '' ? t('value.empty') : groupId}
        </span>
      )}
      <CopyButton text={groupId} label={t('group.copyName')} />
      <span className="faint">/</span>
      <h1 className="page-title">{t('offsets.title')}</h1>
      {exists ? (
        <span className="tag" data-tone={whyNot === null ? 'good' : 'warn'}>
          {whyNot === null ? '●' : '◐'} {state}
          {memberCount > 0 && ` · ${t('offsets.members', { count: memberCount })}`}
        </span>
      ) : (
        <span className="tag" title={t('offsets.newGroupHint')}>
          {t('offsets.newGroup')}
        </span>
      )}
      <span className="spacer" />
      {exists && (
        <Button
          kind="danger"
          whyNot={
            readOnly
              ? t('offsets.whyNot.readOnly')
              : whyNot === null
                ? null
                : sayProblem(whyNot).message
          }
          onClick={onDelete}
        >
          {t('offsets.deleteGroup.open')}
        </Button>
      )}
    </header>
  )
}
