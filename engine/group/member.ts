/**
 * One member of a classic group: who it is, what protocols it speaks, what it was assigned, and
 * which of its requests waits for an answer. Data; the group owns it and changes it.
 */
import { assert } from '../support/assert.ts'

/** A way to assign that a member offers, in its order of preference. */
export interface MemberProtocol {
  readonly name: string
  /** Opaque to the broker; for consumers a subscription. */
  readonly metadata: Uint8Array
}

export interface Member {
  readonly memberId: string
  /** Set for static members (KIP-345). */
  readonly groupInstanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly protocolType: string
  rebalanceTimeoutMs: number
  sessionTimeoutMs: number
  protocols: readonly MemberProtocol[]
  /** Empty until the leader assigns. */
  assignment: Uint8Array
  /** Joined for the first time and has not seen its first generation: it cannot heartbeat yet. */
  isNew: boolean
  /** The JoinGroup that waits for the rebalance to complete. Only the group sets it. */
  joinToken: number | null
  /** The version of the member's last JoinGroup, which its answer has to fit. */
  joinVersion: number
  /** The SyncGroup that waits for the leader's assignment. */
  syncToken: number | null
}

export const NO_ASSIGNMENT = new Uint8Array(0)

/** The metadata a member offers under a protocol's name. */
export function metadataFor(member: Member, protocolName: string): Uint8Array {
  const protocol = member.protocols.find(each => each.name === protocolName)
  assert(protocol !== undefined, `member ${member.memberId} speaks the group's ${protocolName}`)
  return protocol.metadata
}

/** The member's favourite among those every member speaks. */
export function voteOf(member: Member, candidates: ReadonlySet<string>): string {
  const favourite = member.protocols.find(each => candidates.has(each.name))
  assert(favourite !== undefined, `member ${member.memberId} speaks a candidate protocol`)
  return favourite.name
}

/** Whether a member that joins again offers exactly what it offered before. */
export function offersSame(member: Member, protocols: readonly MemberProtocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every((each, index) => {
      const other = protocols[index]!
      return each.name === other.name && sameBytes(each.metadata, other.metadata)
    })
  )
}

/** A member that waits for the group needs no heartbeat, unless it may have given up long ago. */
export function heartbeatExcused(member: Member): boolean {
  return !member.isNew && (member.joinToken !== null || member.syncToken !== null)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
