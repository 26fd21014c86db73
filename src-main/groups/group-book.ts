/**
 * Which broker coordinates which group, and of what type it is: learned from every list of groups,
 * asked for where a group was in none, forgotten when an answer says otherwise.
 */
import type { Client } from '../../engine/client/client.ts'
import {
  findCoordinatorRequest,
  findCoordinatorResponse,
} from '../../engine/protocol/messages/find-coordinator.ts'
import {
  listGroupsRequest,
  listGroupsResponse,
} from '../../engine/protocol/messages/list-groups.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import type { GroupState, GroupSummary } from '../contract/model/group.ts'
import { problemOf } from '../contract/problem.ts'
import { askInTime } from '../lookups/broker-patience.ts'
import { codeProblem } from '../lookups/cluster-topics.ts'

const listApi = { request: listGroupsRequest, response: listGroupsResponse }
const coordinatorApi = { request: findCoordinatorRequest, response: findCoordinatorResponse }
const STATE_SINCE = 4
const MANY_KEYS_SINCE = 4
const GROUP_KEY_TYPE = 0
const KEYS_PER_REQUEST = 500

const states: ReadonlySet<string> = new Set<GroupState>([
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
  'NotReady',
])

export function stateOf(name: string): GroupState {
  return states.has(name) ? (name as GroupState) : 'Unknown'
}

export class GroupBook {
  readonly #client: Client
  #coordinators = new Map<string, number>()
  #types = new Map<string, string | null>()
  #listed: readonly GroupSummary[] = []

  constructor(client: Client) {
    this.#client = client
  }

  /** The last list that was read. */
  get listed(): readonly GroupSummary[] {
    return this.#listed
  }

  /**
   * Groups of all brokers, in no order. A group whose coordinator does not answer is still there, in
   * a state that nobody tells. Throws a `ContractError` when no broker answers, and when none of
   * those that do has a group, since the others may.
   */
  async list(): Promise<readonly GroupSummary[]> {
    const { brokers } = await this.#client.metadata([])
    const answers = await Promise.all(
      brokers.map(({ nodeId }) =>
        this.#listOf(nodeId).then(
          groups => ({ nodeId, groups, problem: null }),
          (error: unknown) => ({ nodeId, groups: [], problem: problemOf(error) }),
        ),
      ),
    )
    const failed = answers.flatMap(({ problem }) => problem ?? [])
    if (failed.length === answers.length && failed[0] !== undefined)
      throw new ContractError(failed[0])
    const answered = new Set(
      answers.flatMap(({ nodeId, problem }) => (problem === null ? [nodeId] : [])),
    )
    const listed = new Map<string, GroupSummary>()
    // While a coordinator moves, two may name the same group for a moment.
    for (const { groups } of answers) for (const group of groups) listed.set(group.groupId, group)
    for (const group of await this.#untold(listed, { brokers, answered }))
      listed.set(group.groupId, group)
    if (listed.size === 0 && failed[0] !== undefined) throw new ContractError(failed[0])
    this.#listed = [...listed.values()]
    // Groups of a broker that did not answer keep what was known of them.
    if (failed.length === 0) this.#coordinators = new Map()
    for (const { groupId, coordinator, type } of this.#listed) {
      if (coordinator !== null) this.#coordinators.set(groupId, coordinator)
      this.#types.set(groupId, type)
    }
    if (this.#types.size > 2 * this.#listed.length + 1_000) this.#types = new Map()
    return this.#listed
  }

  /**
   * Groups that nobody names, and that are not gone for that: one is gone when the broker that
   * coordinates it answers without it. Where another coordinates it by now, that one is believed
   * the next time, since it may still have been loading when it was asked.
   */
  async #untold(
    listed: ReadonlyMap<string, GroupSummary>,
    {
      brokers,
      answered,
    }: { brokers: readonly { nodeId: number }[]; answered: ReadonlySet<number> },
  ): Promise<readonly GroupSummary[]> {
    const missing = this.#listed.filter(
      ({ groupId, coordinator }) => !listed.has(groupId) && !answered.has(coordinator ?? -1),
    )
    const there = new Set(brokers.map(({ nodeId }) => nodeId))
    const moved = missing.filter(({ coordinator }) => !there.has(coordinator ?? -1))
    for (const { groupId } of moved) this.forget(groupId)
    const places =
      moved.length === 0
        ? new Map<string, number | Problem>()
        : // Nobody who could tell answers: then they stay where they were.
          await this.locate(moved.map(({ groupId }) => groupId)).catch(() => new Map())
    return missing.map(group => {
      const place = places.get(group.groupId)
      const coordinator = typeof place === 'number' ? place : group.coordinator
      return { ...group, state: 'Unknown', coordinator }
    })
  }

  /** Whether a list has named it, and so its type. */
  knows(groupId: string): boolean {
    return this.#types.has(groupId)
  }

  typeOf(groupId: string): string | null {
    return this.#types.get(groupId) ?? null
  }

  /** An answer said that this broker does not coordinate it. */
  forget(groupId: string): void {
    this.#coordinators.delete(groupId)
  }

  /** The coordinator of each group, or why none is known. */
  async locate(groupIds: readonly string[]): Promise<ReadonlyMap<string, number | Problem>> {
    const found = new Map<string, number | Problem>()
    const unknown: string[] = []
    for (const groupId of groupIds) {
      const known = this.#coordinators.get(groupId)
      if (known === undefined) unknown.push(groupId)
      else found.set(groupId, known)
    }
    for (let at = 0; at < unknown.length; at += KEYS_PER_REQUEST)
      for (const [groupId, answer] of await this.#ask(unknown.slice(at, at + KEYS_PER_REQUEST))) {
        if (typeof answer === 'number') this.#coordinators.set(groupId, answer)
        found.set(groupId, answer)
      }
    return found
  }

  async #ask(
    groupIds: readonly string[],
  ): Promise<readonly (readonly [string, number | Problem])[]> {
    const connection = await this.#client.connection({ type: 'any' })
    const [, newest] = connection.versionsOf(findCoordinatorRequest.apiKey!) ?? [0, 0]
    if (newest >= MANY_KEYS_SINCE) {
      const { coordinators } = await connection.request(coordinatorApi, {
        keyType: GROUP_KEY_TYPE,
        coordinatorKeys: groupIds,
      })
      return coordinators.map(({ key, nodeId, errorCode, errorMessage }) => {
        return [key, codeProblem(errorCode, `group ${key}`, errorMessage) ?? nodeId] as const
      })
    }
    return Promise.all(
      groupIds.map(async key => {
        const type = newest >= 1 ? { keyType: GROUP_KEY_TYPE } : {}
        const answer = await connection.request(coordinatorApi, { key, ...type })
        const problem = codeProblem(answer.errorCode, `group ${key}`, answer.errorMessage)
        return [key, problem ?? answer.nodeId] as const
      }),
    )
  }

  async #listOf(brokerId: number): Promise<readonly GroupSummary[]> {
    const { answer, newest } = await askInTime(this.#client, brokerId, async connection => ({
      answer: await connection.request(listApi, {}),
      newest: connection.versionsOf(listGroupsRequest.apiKey!)?.[1] ?? 0,
    }))
    const problem = codeProblem(answer.errorCode, `groups of broker ${brokerId}`)
    if (problem !== null) throw new ContractError(problem)
    return answer.groups.map(({ groupId, protocolType, groupState, groupType }) => ({
      groupId,
      protocolType,
      state: newest >= STATE_SINCE ? stateOf(groupState) : 'Unknown',
      type: groupType === '' ? null : groupType.toLowerCase(),
      coordinator: brokerId,
    }))
  }
}
