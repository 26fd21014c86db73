/** The controllers: who leads the metadata log, who votes, and how far each has come. */
import type {
  ClusterReplication,
  NodeSummary,
  QuorumMember,
} from '../../src-main/contract/model/replication.ts'
import type { Problem } from '../../src-main/contract/define.ts'
import { t } from '../i18n/i18n.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { formatDuration } from '../ui/format/duration.ts'
import { formatCount, UNKNOWN } from '../ui/format/number.ts'
import { Glyph } from '../ui/glyph.tsx'
import { NodeActs } from './node-acts.tsx'
import { nodeGlyphs, NodeStateWord } from './node-state.tsx'
import './replication.css'

const GLYPHS = { leader: 'leader', follower: 'inSync', observer: 'inSync' } as const

interface QuorumTableProps {
  readonly replication: ClusterReplication
  /** With observers, states, addresses and acts; without, what fits a panel. */
  readonly full: boolean
  readonly onDone: () => void
}

/** A controller as both know it: the quorum by its log, whoever runs it by its state. */
interface Line {
  /** Stays what it is while the quorum comes and goes, so that an open menu stays open. */
  readonly key: string
  readonly id: number
  readonly member: QuorumMember | null
  readonly node: NodeSummary | null
}

export function QuorumTable({ replication, full, onDone }: QuorumTableProps) {
  const { quorum, quorumProblem, nodes, observedAtMs } = replication
  const lines = linesOf(replication, full)
  const voterCount = quorum?.members.filter(({ voter }) => voter).length ?? 0
  const acting = full && nodes.some(({ kind, acts }) => kind === 'controller' && acts.length > 0)
  return (
    <>
      {quorumProblem !== null &&
        (isSilence(quorumProblem) ? (
          <p className="bad quorum-trouble" role="alert">
            {t('quorum.silent')}
          </p>
        ) : (
          <p className="warn">{t('quorum.unknown', { why: quorumProblem.message })}</p>
        ))}
      {quorum !== null && quorum.leaderId === null && (
        <p className="bad" role="alert">
          {t('quorum.noLeader')}
        </p>
      )}
      <table className="small-table">
        <thead>
          <tr>
            <th>{t('quorum.id')}</th>
            <th>{t('quorum.role')}</th>
            {full && <th>{t('quorum.state')}</th>}
            <th className="number" title={t('quorum.endHint')}>
              {t('quorum.end')}
            </th>
            <th className="number" title={t('quorum.lagHint')}>
              {t('quorum.lag')}
            </th>
            <th className="number">{t('quorum.caughtUp')}</th>
            {full && <th className="number">{t('quorum.fetched')}</th>}
            {full && <th>{t('quorum.address')}</th>}
            {acting && (
              <th>
                <span className="visually-hidden">{t('node.actsColumn')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, id, member, node }) => (
            <tr key={key}>
              <td className="mono">{id}</td>
              <td>
                <Role member={member} node={node} />
              </td>
              {full && (
                <td>
                  {node === null ? (
                    UNKNOWN
                  ) : (
                    <NodeStateWord state={node.state} kind={node.kind} reason={node.reason} />
                  )}
                </td>
              )}
              <td className="number mono">{member?.logEndOffset?.toString() ?? UNKNOWN}</td>
              <td className="number">
                <Lag member={member} />
              </td>
              <td className="number">
                <Ago member={member} atMs={member?.lastCaughtUpMs ?? null} nowMs={observedAtMs} />
              </td>
              {full && (
                <td className="number">
                  <Ago member={member} atMs={member?.lastFetchMs ?? null} nowMs={observedAtMs} />
                </td>
              )}
              {full && (
                <td className="mono">
                  <Address address={member?.address ?? null} />
                </td>
              )}
              {acting && (
                <td className="number">
                  {node?.kind === 'controller' && (
                    <NodeActs
                      node={node}
                      {...(member?.voter === true ? { voterCount } : {})}
                      onDone={onDone}
                    />
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

const silences = ['REQUEST_TIMED_OUT', 'NOT_CONTROLLER', 'LEADER_NOT_AVAILABLE']

/**
 * A quorum without a leader describes itself to nobody. That no broker is reached to ask for it says
 * nothing of the quorum.
 */
function isSilence({ code }: Problem): boolean {
  return silences.includes(code)
}

function linesOf({ quorum, nodes }: ClusterReplication, full: boolean): readonly Line[] {
  const members = (quorum?.members ?? []).filter(({ voter }) => full || voter)
  const nodeOf = (id: number) => nodes.find(each => each.id === id) ?? null
  const silent = nodes.filter(
    ({ id, kind }) => kind === 'controller' && !members.some(member => member.id === id),
  )
  // A node with a new folder is an observer beside the voter that it was.
  const earlier = (at: number) => members.slice(0, at).filter(({ id }) => id === members[at]!.id)
  return [
    ...members.map((member, at) => ({
      key: `${member.id} ${earlier(at).length}`,
      id: member.id,
      member,
      node: nodeOf(member.id),
    })),
    ...silent.map(node => ({ key: `${node.id} 0`, id: node.id, member: null, node })),
  ]
}

interface RoleProps {
  readonly member: QuorumMember | null
  readonly node: NodeSummary | null
}

/** A voter that is down still has its vote; how it is goes before what it is. */
function Role({ member, node }: RoleProps) {
  if (member === null) return <span className="faint">{UNKNOWN}</span>
  const word = t(`quorum.roles.${member.role}`)
  const well = node === null || node.state === 'running'
  return (
    <span title={t(`quorum.kind.${member.kind}`)}>
      <Glyph
        state={well ? GLYPHS[member.role] : nodeGlyphs[node.state]}
        explanation={well ? word : `${word}, ${t(`node.state.${node.state}`)}`}
        {...(well && member.role === 'observer' ? { colour: 'var(--text-faint)' } : {})}
      />{' '}
      {word}
      {member.kind === 'combined' && <span className="faint"> · {t('quorum.kind.combined')}</span>}
    </span>
  )
}

function Lag({ member }: { readonly member: QuorumMember | null }) {
  if (member === null || member.lag === null) return <span className="faint">{UNKNOWN}</span>
  if (member.lag === 0n) return <span className="faint">0</span>
  return <span className={member.voter ? 'warn' : undefined}>{formatCount(member.lag)}</span>
}

interface AgoProps {
  readonly member: QuorumMember | null
  readonly atMs: bigint | null
  readonly nowMs: bigint
}

/** The leader fetches from nobody, and has everything. */
function Ago({ member, atMs, nowMs }: AgoProps) {
  if (member?.role === 'leader' || atMs === null) return <span className="faint">{UNKNOWN}</span>
  const span = formatDuration(Math.max(0, Number(nowMs - atMs)))
  return <span className="quiet">{t('quorum.ago', { span })}</span>
}

function Address({ address }: { readonly address: string | null }) {
  if (address === null) return <span className="faint">{UNKNOWN}</span>
  return (
    <span className="copyable">
      {address}
      <CopyButton text={address} label={t('brokers.copyAddress')} />
    </span>
  )
}

/** `leader epoch 4 · high watermark 1204`, beside the title. */
export function QuorumFacts({ replication }: { readonly replication: ClusterReplication }) {
  const { quorum } = replication
  if (quorum === null) return null
  const voters = quorum.members.filter(({ voter }) => voter).length
  return (
    <span className="faint">
      {t('quorum.voters', { count: voters })}
      {' · '}
      {t('quorum.epoch', { epoch: quorum.leaderEpoch })}
      {' · '}
      {t('quorum.highWatermark', { offset: quorum.highWatermark?.toString() ?? UNKNOWN })}
    </span>
  )
}
