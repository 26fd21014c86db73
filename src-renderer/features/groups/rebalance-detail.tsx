/** One rebalance: who joined and asked when, on one scale, and what each gained and lost. */
import { X } from 'lucide-react'
import type { Rebalance, RebalanceMember } from '../../../src-main/contract/model/group.ts'
import { t } from '../../i18n/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { formatDuration } from '../../ui/format/duration.ts'
import { formatCount, UNKNOWN } from '../../ui/format/number.ts'
import { Moment } from '../../ui/moment.tsx'
import { durationMs, isGone, nameOf, reasonWords } from './rebalance-words.ts'

/** More members are counted, not drawn. */
const MEMBERS_DRAWN_MAX = 100
const PLACES_NAMED_MAX = 12
/** What Kafka writes for a client that gives none. */
const NO_REASON = 'not provided'

interface RebalanceDetailProps {
  readonly rebalance: Rebalance
  readonly onClose: () => void
}

export function RebalanceDetail({ rebalance, onClose }: RebalanceDetailProps) {
  const { generationId, members, reasons, leaderId, protocol, source, startedMs } = rebalance
  const leader = members.find(({ memberId }) => memberId === leaderId)
  const drawn = members.slice(0, MEMBERS_DRAWN_MAX)
  return (
    <div className="rebalance-detail">
      <header>
        <h2 className="page-title">
          {generationId === null
            ? t('group.rebalances.detail')
            : t('group.rebalances.generationN', { number: generationId })}
        </h2>
        <span className="spacer" />
        <Button
          kind="quiet"
          icon={<X size={15} aria-hidden />}
          aria-label={t('group.rebalances.close')}
          onClick={onClose}
        />
      </header>
      <dl className="facts">
        <dt>{t('group.rebalances.when')}</dt>
        <dd>
          <Moment timestampMs={startedMs} />
        </dd>
        <dt>{t('group.rebalances.took')}</dt>
        <dd>
          <Phases rebalance={rebalance} />
        </dd>
        <dt>{t('group.rebalances.leader')}</dt>
        <dd className="clip" title={leaderId ?? undefined}>
          {leader === undefined ? (leaderId ?? UNKNOWN) : nameOf(leader)}
        </dd>
        <dt>{t('group.rebalances.assignor')}</dt>
        <dd>{protocol ?? UNKNOWN}</dd>
        <dt>{t('group.rebalances.reasonsTitle')}</dt>
        <dd>
          {reasons.length === 0 ? (
            <span title={t('group.rebalances.reasonsNone')}>{UNKNOWN}</span>
          ) : (
            <ol className="reasons">
              {reasons.map((reason, place) => (
                // Reasons never change their places.
                <li key={place}>{reason}</li>
              ))}
            </ol>
          )}
        </dd>
      </dl>
      {source === 'coordinator' && (
        <p className="rebalance-legend faint small">
          {(['joined', 'formed', 'synced'] as const).map(part => (
            <span key={part}>
              <span className="lane-key" data-part={part} aria-hidden />{' '}
              {t(`group.rebalances.lane.${part}`)}
            </span>
          ))}
        </p>
      )}
      <ul className="rebalance-members">
        {drawn.map(member => (
          <Member key={member.memberId} member={member} rebalance={rebalance} />
        ))}
        {members.length > drawn.length && (
          <li className="faint">
            {t('group.rebalances.moreMembers', { count: members.length - drawn.length })}
          </li>
        )}
      </ul>
    </div>
  )
}

function Phases({ rebalance }: { readonly rebalance: Rebalance }) {
  const { source, startedMs, formedMs, finishedMs } = rebalance
  const all = formatDuration(durationMs(rebalance))
  if (source === 'polling') return t('group.rebalances.atMost', { span: all })
  if (formedMs === null) return all
  return t('group.rebalances.inPhases', {
    span: all,
    join: formatDuration(Number(formedMs - startedMs)),
    sync: formatDuration(Number(finishedMs - formedMs)),
  })
}

interface MemberProps {
  readonly member: RebalanceMember
  readonly rebalance: Rebalance
}

function Member({ member, rebalance }: MemberProps) {
  const { memberId, change, reason, clientHost, heldCount, gained, lost } = member
  const isLeader = memberId === rebalance.leaderId
  return (
    <li data-change={change}>
      <div className="rebalance-member">
        <span className="clip" title={`${memberId}\n${clientHost}`}>
          {isLeader && <span title={t('group.rebalances.leads')}>◆ </span>}
          {nameOf(member)}
        </span>
        <span className="tag" data-tone={toneOf(change)}>
          {t(`group.rebalances.change.${change}`)}
        </span>
        <span className="spacer" />
        <span className="faint">
          {isGone(change) ? '' : t('group.rebalances.holds', { count: heldCount })}
        </span>
      </div>
      <Lane member={member} rebalance={rebalance} />
      {reason !== '' && reason !== NO_REASON && (
        <p className="faint small clip">{reasonWords(reason)}</p>
      )}
      {gained.length > 0 && (
        <p className="small">
          <span className="good-text">+ </span>
          {placesText(gained)}
        </p>
      )}
      {lost.length > 0 && (
        <p className="small">
          <span className="warn-text">− </span>
          {placesText(lost)}
        </p>
      )}
    </li>
  )
}

/** From its JoinGroup to the generation, and on to its SyncGroup; before it, the group waits. */
function Lane({ member, rebalance }: MemberProps) {
  const { startedMs, formedMs, finishedMs, source } = rebalance
  const last =
    member.syncedMs !== null && member.syncedMs > finishedMs ? member.syncedMs : finishedMs
  const span = Math.max(Number(last - startedMs), 1)
  const at = (ms: bigint) => Math.min(Math.max((Number(ms - startedMs) / span) * 100, 0), 100)
  if (source === 'polling' || member.joinedMs === null || isGone(member.change)) return null
  const joined = at(member.joinedMs)
  const formed = at(formedMs ?? last)
  const synced = member.syncedMs === null ? null : at(member.syncedMs)
  const said = t('group.rebalances.lane.said', {
    joined: formatDuration(Number(member.joinedMs - startedMs)),
    synced:
      member.syncedMs === null ? UNKNOWN : formatDuration(Number(member.syncedMs - startedMs)),
  })
  return (
    <span className="lane" role="img" aria-label={said} title={said}>
      <span data-part="joined" style={{ left: `${joined}%`, width: `${formed - joined}%` }} />
      <span
        data-part="formed"
        style={{ left: `${formed}%`, width: `${Math.max((synced ?? 100) - formed, 0)}%` }}
      />
      {synced !== null && <span data-part="synced" style={{ left: `calc(${synced}% - 2px)` }} />}
    </span>
  )
}

function toneOf(change: RebalanceMember['change']): 'good' | 'warn' | 'bad' | undefined {
  switch (change) {
    case 'joined':
      return 'good'
    case 'left':
      return 'warn'
    case 'removed':
      return 'bad'
    default:
      return undefined
  }
}

function placesText(places: RebalanceMember['gained']): string {
  const all = places.flatMap(({ topic, partitions }) =>
    partitions.map(partition => `${topic}-${partition}`),
  )
  const list = all.slice(0, PLACES_NAMED_MAX).join(', ')
  const more = all.length - PLACES_NAMED_MAX
  return more > 0 ? t('group.andMore', { list, count: more, formatted: formatCount(more) }) : list
}
