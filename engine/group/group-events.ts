/** What goes into a group shard and what comes out of it. Types only. */
import type {
  DeleteGroupsRequest,
  DeleteGroupsResponse,
} from '../protocol/messages/delete-groups.ts'
import type {
  DescribeGroupsRequest,
  DescribeGroupsResponse,
} from '../protocol/messages/describe-groups.ts'
import type { HeartbeatRequest, HeartbeatResponse } from '../protocol/messages/heartbeat.ts'
import type { JoinGroupRequest, JoinGroupResponse } from '../protocol/messages/join-group.ts'
import type { LeaveGroupRequest, LeaveGroupResponse } from '../protocol/messages/leave-group.ts'
import type { ListGroupsRequest, ListGroupsResponse } from '../protocol/messages/list-groups.ts'
import type {
  OffsetCommitRequest,
  OffsetCommitResponse,
} from '../protocol/messages/offset-commit.ts'
import type {
  OffsetDeleteRequest,
  OffsetDeleteResponse,
} from '../protocol/messages/offset-delete.ts'
import type { OffsetFetchRequest, OffsetFetchResponse } from '../protocol/messages/offset-fetch.ts'
import type { SyncGroupRequest, SyncGroupResponse } from '../protocol/messages/sync-group.ts'

export interface RequestContext {
  /** The caller's own number for this request. It comes back in exactly one reply. */
  readonly token: number
  readonly apiVersion: number
  readonly clientId: string
  /** As Kafka writes it into records and descriptions: `/127.0.0.1`. */
  readonly clientHost: string
}

/** A request for groups of this shard alone: who routes splits lists by `partitionFor` first. */
export type GroupEvent = RequestContext &
  (
    | { readonly type: 'JoinGroup'; readonly request: JoinGroupRequest }
    | { readonly type: 'SyncGroup'; readonly request: SyncGroupRequest }
    | { readonly type: 'Heartbeat'; readonly request: HeartbeatRequest }
    | { readonly type: 'LeaveGroup'; readonly request: LeaveGroupRequest }
    | { readonly type: 'DescribeGroups'; readonly request: DescribeGroupsRequest }
    | { readonly type: 'ListGroups'; readonly request: ListGroupsRequest }
    | { readonly type: 'DeleteGroups'; readonly request: DeleteGroupsRequest }
    | { readonly type: 'OffsetCommit'; readonly request: OffsetCommitRequest }
    | { readonly type: 'OffsetFetch'; readonly request: OffsetFetchRequest }
    | { readonly type: 'OffsetDelete'; readonly request: OffsetDeleteRequest }
  )

export type GroupResponse =
  | JoinGroupResponse
  | SyncGroupResponse
  | HeartbeatResponse
  | LeaveGroupResponse
  | DescribeGroupsResponse
  | ListGroupsResponse
  | DeleteGroupsResponse
  | OffsetCommitResponse
  | OffsetFetchResponse
  | OffsetDeleteResponse

export interface Reply {
  readonly token: number
  readonly response: GroupResponse
}

/** A record for `__consumer_offsets`; a null value is a tombstone. */
export interface CoordinatorRecord {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

/**
 * The replies may be sent once these records, and those of every earlier outcome of the shard, are
 * committed: an answer never runs ahead of what it rests on.
 */
export interface GroupOutcome {
  readonly records: readonly CoordinatorRecord[]
  readonly replies: readonly Reply[]
  readonly events: readonly GroupJournalEvent[]
}

/** Why a member went without asking to. */
export type RemovalReason = 'session-timeout' | 'rebalance-timeout' | 'sync-timeout' | 'group-full'

export interface MemberAssignment {
  readonly memberId: string
  readonly assignment: Uint8Array
}

/** The diary of rebalances, for people: nothing in the protocol depends on it. */
export type GroupJournalEvent = { readonly groupId: string; readonly atMs: number } & (
  | {
      readonly type: 'member-joined'
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly clientId: string
      readonly clientHost: string
      readonly reason: string
    }
  /** A member of the group asks for the next generation. */
  | { readonly type: 'member-rejoined'; readonly memberId: string; readonly reason: string }
  | { readonly type: 'member-synced'; readonly memberId: string; readonly generationId: number }
  | {
      readonly type: 'static-member-replaced'
      readonly groupInstanceId: string
      readonly oldMemberId: string
      readonly newMemberId: string
    }
  | {
      readonly type: 'member-left'
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly reason: string
    }
  | {
      readonly type: 'member-removed'
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly reason: RemovalReason
    }
  | { readonly type: 'rebalance-started'; readonly generationId: number; readonly reason: string }
  | {
      readonly type: 'generation-formed'
      readonly generationId: number
      readonly leaderId: string
      readonly protocolName: string
      readonly memberIds: readonly string[]
    }
  | {
      readonly type: 'assignment-received'
      readonly generationId: number
      readonly leaderId: string
      readonly assignments: readonly MemberAssignment[]
    }
  | { readonly type: 'group-emptied'; readonly generationId: number }
  | { readonly type: 'group-deleted'; readonly reason: 'requested' | 'expired' }
  | { readonly type: 'offsets-expired'; readonly partitionCount: number }
)

/** One variant of the diary, by its type. */
export type JournalEvent<T extends GroupJournalEvent['type']> = Extract<
  GroupJournalEvent,
  { readonly type: T }
>
