/** Groups of the consumer protocol (KIP-848). */
import type { Client } from '../../engine/client/client.ts'
import {
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
  type ConsumerGroupDescribeResponse,
} from '../../engine/protocol/messages/consumer-group-describe.ts'
import type { Problem } from '../contract/define.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { describeGroupsOf, namedPartitions, type BareGroup, type BareMember } from './bare-group.ts'

const api = { request: consumerGroupDescribeRequest, response: consumerGroupDescribeResponse }

/** Rejects when the coordinator does not answer, or is too old for them. */
export function describeConsumerGroups(
  client: Client,
  brokerId: number,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, BareGroup | Problem>> {
  return describeGroupsOf(groupIds, {
    type: 'consumer',
    coordinator: brokerId,
    ask: question => askInTime(client, brokerId, connection => connection.request(api, question)),
    membersOf: ({ members }: FoundGroup) => members.map(consumerMember),
  })
}

type FoundGroup = ConsumerGroupDescribeResponse['groups'][number]

function consumerMember(member: FoundGroup['members'][number]): BareMember {
  const { subscribedTopicNames: names, subscribedTopicRegex: regex } = member
  return {
    memberId: member.memberId,
    groupInstanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    subscribedTopics: regex === null || regex === '' ? names : [...names, `/${regex}/`],
    assignment: namedPartitions(member.assignment),
    assignmentBytes: null,
    tasks: null,
  }
}
