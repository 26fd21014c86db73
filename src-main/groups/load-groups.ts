/**
 * States, members and committed offsets of many groups, in few requests: one of each kind for up
 * to a hundred groups of a coordinator, where its version takes lists.
 */
import { listIn } from '../lookups/list-in.ts'
import type { ClientConnection } from '../../engine/client/client-connection.ts'
import type { Client } from '../../engine/client/client.ts'
import {
  describeGroupsRequest,
  describeGroupsResponse,
  type DescribeGroupsResponse,
} from '../../engine/protocol/messages/describe-groups.ts'
import type { Problem } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'
import type { BareGroup } from './bare-group.ts'
import { describeConsumerGroups } from './consumer-groups.ts'
import { decodeAssignment, decodeSubscribedTopics } from './consumer-protocol.ts'
import { stateOf, type GroupBook } from './group-book.ts'
import { offsetsOfGroups, type CommittedOffset } from './group-offsets.ts'
import { describeShareGroups, offsetsOfShareGroups } from './share-groups.ts'
import { describeStreamsGroups } from './streams-groups.ts'

const classicApi = { request: describeGroupsRequest, response: describeGroupsResponse }
/** Version 6 answers with an error where older ones describe a dead group, which is what we show. */
const DEAD_GROUPS_VERSION_MAX = 5
const GROUPS_PER_REQUEST = 100

export type LoadedGroup =
  | {
      readonly type: 'loaded'
      readonly group: BareGroup
      readonly committed: readonly CommittedOffset[]
    }
  | { readonly type: 'problem'; readonly groupId: string; readonly problem: Problem }

export interface LoadOptions {
  readonly client: Client
  readonly book: GroupBook
}

/** In the order of the ids. A group that does not exist is Dead and has committed nothing. */
export async function loadGroups(
  options: LoadOptions,
  groupIds: readonly string[],
): Promise<readonly LoadedGroup[]> {
  const loaded = await loadOnce(options, groupIds)
  const moved = groupIds.filter(groupId => isMove(loaded.get(groupId)))
  if (moved.length > 0) {
    // The coordinator has moved: the book is asked anew, and once is enough for now.
    for (const groupId of moved) options.book.forget(groupId)
    for (const [groupId, again] of await loadOnce(options, moved)) loaded.set(groupId, again)
  }
  return groupIds.map(groupId => loaded.get(groupId)!)
}

function isMove(loaded: LoadedGroup | undefined): boolean {
  return loaded?.type === 'problem' && loaded.problem.code === 'NOT_COORDINATOR'
}

async function loadOnce(
  options: LoadOptions,
  groupIds: readonly string[],
): Promise<Map<string, LoadedGroup>> {
  const loaded = new Map<string, LoadedGroup>()
  const shares = new Map<number, string[]>()
  for (const [groupId, place] of await options.book.locate(groupIds)) {
    if (typeof place === 'number') listIn(shares, place).push(groupId)
    else loaded.set(groupId, { type: 'problem', groupId, problem: place })
  }
  const asked = [...shares].flatMap(([coordinator, share]) =>
    inParts(share, GROUPS_PER_REQUEST).map(async part => {
      try {
        for (const each of await loadPart(options, coordinator, part))
          loaded.set(each.type === 'loaded' ? each.group.groupId : each.groupId, each)
      } catch (error) {
        // A coordinator that does not answer is a problem of its groups alone.
        const problem = problemOf(error)
        for (const groupId of part) loaded.set(groupId, { type: 'problem', groupId, problem })
      }
    }),
  )
  await Promise.all(asked)
  return loaded
}

async function loadPart(
  { client, book }: LoadOptions,
  coordinator: number,
  groupIds: readonly string[],
): Promise<readonly LoadedGroup[]> {
  const [described, committed] = await Promise.all([
    describeAt(client, coordinator, groupIds, book),
    offsetsAt(client, coordinator, groupIds, book),
  ])
  return groupIds.map(groupId => {
    const group = described.get(groupId)!
    const offsets = committed.get(groupId)!
    if ('code' in group) return { type: 'problem', groupId, problem: group }
    if ('code' in offsets) return { type: 'problem', groupId, problem: offsets }
    return { type: 'loaded', group, committed: offsets }
  })
}

/** Where groups of one coordinator stand, each type as it is kept. */
export async function offsetsAt(
  client: Client,
  coordinator: number,
  groupIds: readonly string[],
  book: GroupBook,
): Promise<ReadonlyMap<string, readonly CommittedOffset[] | Problem>> {
  const isShare = (groupId: string) => book.typeOf(groupId) === 'share'
  const others = groupIds.filter(groupId => !isShare(groupId))
  const [committed, shared] = await Promise.all([
    others.length === 0 ? [] : offsetsOfGroups(client, coordinator, others),
    offsetsOfShareGroups(client, coordinator, groupIds.filter(isShare)),
  ])
  return new Map([...committed, ...shared])
}

/** States and members alone. */
export async function describeAt(
  client: Client,
  coordinator: number,
  groupIds: readonly string[],
  book: GroupBook,
): Promise<ReadonlyMap<string, BareGroup | Problem>> {
  const byType = Map.groupBy(groupIds, groupId => {
    const type = book.typeOf(groupId)
    return type === 'consumer' || type === 'share' || type === 'streams' ? type : 'classic'
  })
  const [ofClassic, ofConsumer, ofShare, ofStreams] = await Promise.all([
    describeClassic(client, coordinator, byType.get('classic') ?? []),
    describeConsumerGroups(client, coordinator, byType.get('consumer') ?? []),
    describeShareGroups(client, coordinator, byType.get('share') ?? []),
    describeStreamsGroups(client, coordinator, byType.get('streams') ?? []),
  ])
  return new Map([
    ...ofClassic.map(group => {
      const problem = codeProblem(group.errorCode, `group ${group.groupId}`)
      const type = book.typeOf(group.groupId)
      return [group.groupId, problem ?? classicGroup(group, { coordinator, type })] as const
    }),
    ...ofConsumer,
    ...ofShare,
    ...ofStreams,
  ])
}

async function describeClassic(
  client: Client,
  brokerId: number,
  groups: readonly string[],
): Promise<DescribeGroupsResponse['groups']> {
  if (groups.length === 0) return []
  const options = { versionMax: DEAD_GROUPS_VERSION_MAX }
  const ask = (connection: ClientConnection) => connection.request(classicApi, { groups }, options)
  return (await askInTime(client, brokerId, ask)).groups
}

function classicGroup(
  group: DescribeGroupsResponse['groups'][number],
  { coordinator, type }: { readonly coordinator: number; readonly type: string | null },
): BareGroup {
  return {
    groupId: group.groupId,
    state: stateOf(group.groupState),
    type: type ?? 'classic',
    protocolType: group.protocolType,
    protocol: group.protocolData,
    epoch: null,
    coordinator,
    topology: null,
    members: group.members.map(member => {
      const { memberId, groupInstanceId, clientId, clientHost } = member
      const assignment = decodeAssignment(member.memberAssignment)
      return {
        memberId,
        groupInstanceId,
        clientId,
        clientHost,
        subscribedTopics: decodeSubscribedTopics(member.memberMetadata),
        assignment,
        assignmentBytes: assignment === null ? new Uint8Array(member.memberAssignment) : null,
        tasks: null,
      }
    }),
  }
}

export function inParts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
