/**
 * Topics that come into being because someone asked for them: a client's topic where
 * `auto.create.topics.enable` says so, and `__consumer_offsets` when the first group looks for its
 * coordinator.
 *
 * The asker waits until this broker has heard of the topic, instead of being sent away to ask
 * again as Apache Kafka does: the answer is the same one, some milliseconds later.
 */
import type { BrokerSettings } from '../config/settings.ts'
import { autoCreatedTopic } from '../controller/auto-created-topic.ts'
import { topicNameComplaint } from '../controller/topic-names.ts'
import { errorName, KafkaError } from '../protocol/errors.ts'
import { createTopicsRequest, createTopicsResponse } from '../protocol/messages/create-topics.ts'
import type { ClusterView } from './cluster-view.ts'
import type { ControllerChannel } from './controller-channel.ts'

const api = { request: createTopicsRequest, response: createTopicsResponse }
const CREATE_TIMEOUT_MS = 5_000

export class TopicCreation {
  readonly #controller: ControllerChannel
  readonly #cluster: ClusterView
  readonly #catchUp: () => Promise<void>
  readonly #settings: () => BrokerSettings
  readonly #inFlight = new Map<string, Promise<void>>()

  constructor(options: {
    readonly controller: ControllerChannel
    readonly cluster: ClusterView
    readonly catchUp: () => Promise<void>
    readonly settings: () => BrokerSettings
  }) {
    this.#controller = options.controller
    this.#cluster = options.cluster
    this.#catchUp = options.catchUp
    this.#settings = options.settings
  }

  /**
   * Settles when this broker knows the topic. Throws INVALID_TOPIC_EXCEPTION for a name that no
   * topic may have, and what the controller answers.
   */
  async create(name: string): Promise<void> {
    if (this.#cluster.topicByName(name) !== null) return
    const complaint = topicNameComplaint(name)
    if (complaint !== null) throw new KafkaError('INVALID_TOPIC_EXCEPTION', complaint)
    let creation = this.#inFlight.get(name)
    if (creation === undefined) {
      creation = this.#create(name).finally(() => this.#inFlight.delete(name))
      this.#inFlight.set(name, creation)
    }
    await creation
  }

  /** Says what is wrong with a name, or null when a topic may have it. */
  complaintAbout(name: string): string | null {
    return topicNameComplaint(name)
  }

  async #create(name: string): Promise<void> {
    const answer = await this.#controller.request(api, {
      topics: [autoCreatedTopic(name, this.#settings())],
      timeoutMs: CREATE_TIMEOUT_MS,
      validateOnly: false,
    })
    const [created] = answer.topics
    const error = errorName(created?.errorCode ?? -1)
    if (error !== 'NONE' && error !== 'TOPIC_ALREADY_EXISTS')
      throw new KafkaError(error, created?.errorMessage ?? name)
    await this.#catchUp()
  }
}
