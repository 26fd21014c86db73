/** What is known of a group at a glance: name, state, who coordinates it, how far behind it is. */
import { Undo2 } from 'lucide-react'
import { getRouteApi } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { GroupDescription } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { BrokerMark } from '../../ui/glyph.tsx'
import { hrefOf } from '../../ui/row-link.tsx'
import { GroupStateMark } from './group-state.tsx'
import { typeText } from './group-type.ts'
import { CommitDistance, DrainText, LagTimeText, TrendMark } from './lag-words.tsx'

const route = getRouteApi('/$cluster/groups/$group')

interface GroupHeadProps {
  readonly group: GroupDescription
  readonly cluster: string
}

export function GroupHead({ group, cluster }: GroupHeadProps) {
  const { groupId, generationId } = group
  return (
    <header className="group-head">
      <div className="topic-head">
        <route.Link to="/$cluster/groups" params={{ cluster }} className="faint crumb">
          {t('navigation.groups')}
        </route.Link>
        <span className="faint">/</span>
        <h1 className="page-title clip copyable" title={groupId}>
          <span className="clip">{groupId === '' ? t('value.empty') : groupId}</span>
          <CopyButton text={groupId} label={t('group.copyName')} />
        </h1>
        <GroupStateMark state={group.state} />
        <span className="topic-facts faint clip">
          {[typeText(group), group.protocol].filter(Boolean).join(' · ')}
          {generationId !== null &&
            ` · ${t(group.type === 'classic' || group.type === null ? 'group.generation' : 'group.epoch', { number: generationId })}`}
        </span>
        <span className="faint group-coordinator">
          {t('groups.coordinator')}{' '}
          {group.coordinator === null ? UNKNOWN : <BrokerMark id={group.coordinator} />}
        </span>
        <span className="spacer" />
        {group.type === 'share' ? (
          <Button icon={<Undo2 size={14} aria-hidden />} whyNot={t('group.shareLab')}>
            {t('group.offsetLab')}
          </Button>
        ) : (
          <a className="button" href={hrefOf([cluster, 'groups', groupId, 'offsets'], '')}>
            <Undo2 size={14} aria-hidden />
            {t('group.offsetLab')}
          </a>
        )}
      </div>
      <dl className="group-figures">
        <Figure name={t('group.totalLag')} hint={t('groups.lagHint')}>
          <strong>
            {group.unknownLagCount > 0 && group.totalLag !== null && (
              <span title={t('groups.lagUnknown', { count: group.unknownLagCount })}>≥ </span>
            )}
            {formatCount(group.totalLag)}
          </strong>
        </Figure>
        <Figure name={t('group.oldestWaits')} hint={t('group.oldestWaitsHint')}>
          <LagTimeText time={group.lagTime} />
        </Figure>
        <Figure name={t('group.trendTitle')} hint={t('group.trendHint')}>
          <TrendMark trend={group.trend} lag={group.totalLag} />
        </Figure>
        <Figure name={t('group.drainTitle')} hint={t('group.drainHint')}>
          <DrainText drain={group.drain} />
        </Figure>
        <Figure
          name={group.type === 'share' ? t('group.shareMoved') : t('group.lastCommit')}
          hint={group.type === 'share' ? t('group.shareMovedHint') : t('group.lastCommitHint')}
        >
          <CommitDistance commit={group.commit} />
        </Figure>
      </dl>
    </header>
  )
}

interface FigureProps {
  readonly name: string
  readonly hint: string
  readonly children: ReactNode
}

function Figure({ name, hint, children }: FigureProps) {
  return (
    <div>
      <dt title={hint}>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
