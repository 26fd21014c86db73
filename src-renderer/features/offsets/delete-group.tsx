/** Deleting a group: says what goes, wants its name, and tells how to have it back. */
import { notifications } from '@mantine/notifications'
import type { Problem } from '../../../src-main/contract/define.ts'
import type { LabGroup } from '../../../src-main/contract/model/offset.ts'
import { problemOf } from '../../connection/answer.ts'
import { useClient, useCluster } from '../../connection/client-context.tsx'
import { t } from '../../i18n/i18n.ts'
import { ConfirmTyped } from '../../ui/confirm-typed.tsx'

interface DeleteGroupProps {
  readonly opened: boolean
  readonly group: LabGroup
  readonly onClose: () => void
  readonly onDeleted: () => void
}

export function DeleteGroup({ opened, group, onClose, onDeleted }: DeleteGroupProps) {
  const client = useClient()
  const cluster = useCluster().id
  const { groupId } = group
  const confirm = async (): Promise<Problem | null> => {
    try {
      const { partitionCount } = await client.call('offset.delete-group', { cluster, groupId })
      notifications.show({
        message: t('offsets.deleteGroup.done', { group: groupId, count: partitionCount }),
      })
      onDeleted()
      return null
    } catch (error) {
      // Shown in the question itself, which stays open.
      return problemOf(error)
    }
  }
  return (
    <ConfirmTyped
      opened={opened}
      onClose={onClose}
      title={t('offsets.deleteGroup.title', { group: groupId })}
      what={<p>{t('offsets.deleteGroup.what')}</p>}
      typed={groupId}
      act={t('offsets.deleteGroup.act')}
      onConfirm={confirm}
    />
  )
}
