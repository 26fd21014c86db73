/**
 * Controllers that come and go while a cluster runs: a new one follows the metadata log, gets a vote
 * when it has caught up, and is found in the folder again at the next start; one that is removed
 * loses its vote first, then its thread and its folder. One change at a time.
 */
import { OperationalError } from '../support/operational-error.ts'
import type { ClusterController } from './cluster.ts'
import { CONTROLLERS_MAX } from './node-layout.ts'

export interface ControllerChangesOptions {
  readonly controllers: () => readonly ClusterController[]
  /** In the brokers' threads. */
  readonly areCombined: boolean
  readonly isEnding: () => boolean
  /** Starts a controller without a vote; resolves with its folder's id when it listens. */
  readonly begin: (nodeId: number) => Promise<string>
  /** Ends it, and removes its folder. */
  readonly end: (nodeId: number) => Promise<void>
}

export class ControllerChanges {
  readonly #options: ControllerChangesOptions
  #isChanging = false

  constructor(options: ControllerChangesOptions) {
    this.#options = options
  }

  /** Resolves with its id when it votes. */
  async add(): Promise<number> {
    const { controllers, begin, end } = this.#options
    const ids = this.#changeable()
    if (ids.length >= CONTROLLERS_MAX)
      throw new OperationalError(`${ids.length} controllers: a cluster has 1 to ${CONTROLLERS_MAX}`)
    const nodeId = Math.max(...ids) + 1
    return this.#alone(async () => {
      try {
        const directoryId = await begin(nodeId)
        // Loaded when it is wanted: a start does not wait for it.
        const { giveVote } = await import('./voter-requests.ts')
        const { address } = controllers().find(each => each.nodeId === nodeId)!
        await giveVote(this.#addresses, { id: nodeId, directoryId, address })
        return nodeId
      } catch (error) {
        // Rethrown: who got no vote leaves nothing behind.
        await end(nodeId)
        throw error
      }
    })
  }

  /** Of one that is down, too. */
  async remove(nodeId: number): Promise<void> {
    const ids = this.#changeable()
    if (!ids.includes(nodeId))
      throw new OperationalError(`no controller is ${nodeId}: this cluster has ${ids.join(', ')}`)
    if (ids.length === 1)
      throw new OperationalError(`controller ${nodeId} is the last one: nobody would lead`)
    await this.#alone(async () => {
      const { takeVote } = await import('./voter-requests.ts')
      await takeVote(this.#addresses, nodeId)
      await this.#options.end(nodeId)
    })
  }

  #changeable(): readonly number[] {
    if (this.#options.areCombined)
      throw new OperationalError('controllers that share their brokers’ threads come with those')
    return this.#options.controllers().map(({ nodeId }) => nodeId)
  }

  /** Throws an `OperationalError` once there is nobody to wait for. */
  readonly #addresses = () => {
    const { controllers, isEnding } = this.#options
    if (isEnding()) throw new OperationalError('the cluster is stopping')
    return controllers()
      .filter(({ state }) => state === 'running')
      .map(({ address }) => address)
  }

  async #alone<T>(change: () => Promise<T>): Promise<T> {
    if (this.#isChanging)
      throw new OperationalError('another change of the controllers is under way')
    this.#isChanging = true
    try {
      return await change()
    } finally {
      this.#isChanging = false
    }
  }
}
