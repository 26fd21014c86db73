/** A cluster's report as a person reads it in a terminal. */
import type { ClusterReport, PartitionReport, QuorumReplica } from './cluster-report.ts'

/** Partitions that are not as they should be, at most; `--json` has all. */
const LISTED_MAX = 20

export function reportText(report: ClusterReport): string {
  const parts = [
    table(
      ['broker', 'state', 'address', 'epoch', 'leads', 'in sync', 'fenced'],
      report.brokers.map(each => [
        `${each.id}`,
        each.state,
        each.address,
        each.brokerEpoch === null ? '-' : `${each.brokerEpoch}`,
        `${each.leaders}`,
        `${each.inSync} of ${each.replicas}`,
        each.fenced === null ? '?' : each.fenced ? 'yes' : 'no',
      ]),
    ),
    controllersText(report),
    partitionsText(report.partitions),
    failuresText(report),
    report.problems.map(each => `not told: ${each}\n`).join(''),
  ]
  return parts.filter(part => part !== '').join('\n')
}

function controllersText({ controllers, quorum }: ClusterReport): string {
  const voters = new Map(quorum?.voters.map(each => [each.replicaId, each]))
  const rows = controllers.map(({ id, state, address }) => [
    `${id}`,
    state,
    address,
    quorum?.leaderId === id ? `leader, epoch ${quorum.leaderEpoch}` : voterText(voters.get(id)),
    voters.has(id) ? `${voters.get(id)!.logEndOffset}` : '-',
  ])
  return table(['controller', 'state', 'address', 'role', 'log end'], rows)
}

function voterText(voter: QuorumReplica | undefined): string {
  if (voter === undefined) return '-'
  return voter.lag === 0n ? 'follower' : `follower, ${voter.lag} behind`
}

function partitionsText(partitions: readonly PartitionReport[] | null): string {
  if (partitions === null) return ''
  const topics = new Set(partitions.map(({ topic }) => topic)).size
  const offline = partitions.filter(({ leader }) => leader < 0).length
  const bad = partitions.filter(each => each.leader < 0 || each.isr.length < each.replicas.length)
  const head =
    `${counted(partitions.length, 'partition')} of ${counted(topics, 'topic')}: ` +
    `${offline} without a leader, ${bad.length - offline} under-replicated\n`
  if (bad.length === 0) return head
  const rows = bad
    .slice(0, LISTED_MAX)
    .map(each => [
      `${each.topic}-${each.partition}`,
      each.leader < 0 ? 'none' : `${each.leader}`,
      `${each.leaderEpoch}`,
      each.replicas.join(','),
      each.isr.join(',') || 'none',
      each.elr.join(',') || '-',
      each.offlineReplicas.join(',') || '-',
    ])
  const left = bad.length - rows.length
  const more = left === 0 ? '' : `and ${left} more; --json has them all\n`
  return `${head}\n${table(['partition', 'leader', 'epoch', 'replicas', 'ISR', 'ELR', 'offline'], rows)}${more}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function failuresText({ brokers, controllers }: ClusterReport): string {
  const line = (kind: string, { id, failure }: { id: number; failure: string | null }) =>
    failure === null ? '' : `${kind} ${id}: ${failure.split('\n', 1)[0]}\n`
  return [
    ...brokers.map(each => line('broker', each)),
    ...controllers.map(each => line('controller', each)),
  ].join('')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map(line => line[column]!.length)))
  return lines
    .map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .map(line => `${line}\n`)
    .join('')
}
