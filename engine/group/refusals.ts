/**
 * One error as the answer to a whole request, in the form each API has for it: for who routes
 * requests to shards and finds none, one that still loads, or one whose log does not take records.
 */
import { errorCode, type ErrorName } from '../protocol/errors.ts'
import type { DescribeGroupsRequest } from '../protocol/messages/describe-groups.ts'
import type { OffsetFetchRequest, OffsetFetchResponse } from '../protocol/messages/offset-fetch.ts'
import { assertNever } from '../support/assert.ts'
import { joinRefused, syncRefused } from './answers.ts'
import { absentGroup } from './describe.ts'
import type { GroupEvent, GroupResponse } from './group-events.ts'
import { commitRefused } from './offset-commit.ts'

export function refusalOf(event: GroupEvent, error: ErrorName): GroupResponse {
  const code = errorCode(error)
  switch (event.type) {
    case 'JoinGroup':
      return joinRefused('', error, event.apiVersion)
    case 'SyncGroup':
      return syncRefused(error)
    case 'Heartbeat':
      // While the group loads nobody is late: its sessions begin anew after that.
      return {
        throttleTimeMs: 0,
        errorCode: error === 'COORDINATOR_LOAD_IN_PROGRESS' ? errorCode('NONE') : code,
      }
    case 'LeaveGroup':
      return { throttleTimeMs: 0, errorCode: code, members: [] }
    case 'DescribeGroups':
      return { throttleTimeMs: 0, groups: describedAs(event.request, code) }
    case 'ListGroups':
      return { throttleTimeMs: 0, errorCode: code, groups: [] }
    case 'DeleteGroups':
      return {
        throttleTimeMs: 0,
        results: event.request.groupsNames.map(groupId => ({
          groupId,
          errorCode: code,
          errorMessage: null,
        })),
      }
    case 'OffsetCommit':
      return commitRefused(event.request, error)
    case 'OffsetFetch':
      return fetchRefused(event.request, event.apiVersion, code)
    case 'OffsetDelete':
      return { throttleTimeMs: 0, errorCode: code, topics: [] }
    default:
      return assertNever(event)
  }
}

/** What a failed append to `__consumer_offsets` means to the client that waits for it. */
export function coordinatorErrorOf(appendError: ErrorName): ErrorName {
  switch (appendError) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'NOT_ENOUGH_REPLICAS':
    case 'REQUEST_TIMED_OUT':
      return 'COORDINATOR_NOT_AVAILABLE'
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'KAFKA_STORAGE_ERROR':
      return 'NOT_COORDINATOR'
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
    case 'INVALID_FETCH_SIZE':
      return 'UNKNOWN_SERVER_ERROR'
    default:
      return appendError
  }
}

function describedAs(request: DescribeGroupsRequest, code: number) {
  return request.groups.map(groupId => ({
    ...absentGroup(groupId),
    errorCode: code,
    groupState: '',
  }))
}

/** Version 2 put the error beside the topics, version 8 into each group. */
function fetchRefused(
  request: OffsetFetchRequest,
  apiVersion: number,
  code: number,
): OffsetFetchResponse {
  const nothing = { throttleTimeMs: 0, topics: [], errorCode: 0, groups: [] }
  if (apiVersion >= 8)
    return {
      ...nothing,
      groups: request.groups.map(({ groupId }) => ({ groupId, topics: [], errorCode: code })),
    }
  if (apiVersion >= 2) return { ...nothing, errorCode: code }
  return {
    ...nothing,
    topics: (request.topics ?? []).map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map(partitionIndex => ({
        partitionIndex,
        committedOffset: -1n,
        committedLeaderEpoch: -1,
        metadata: '',
        errorCode: code,
      })),
    })),
  }
}
