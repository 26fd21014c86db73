/**
 * Adds voters to the quorum and takes others away, one at a time, whoever fails meanwhile. Which
 * of it came about is for the log to say: an answer that is lost proves nothing.
 */
import { ClientConnection } from '../../engine/client/client-connection.ts'
import { errorName, KafkaError } from '../../engine/protocol/errors.ts'
import type { VoterSet } from '../../engine/raft/voter-set.ts'
import { apis } from './apis.ts'
import { MemoryDisk } from './memory-disk.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { RunningController } from './node-launcher.ts'
import { controllerAddress } from './node-places.ts'
import type { SimulatedNode } from './simulated-node.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { isExpected, type World } from './world.ts'

const REQUEST_TIMEOUT_MS = 3_000
const LISTENER = 'CONTROLLER'

export class SimulatedVoters {
  readonly #world: World
  readonly #random: SeededRandom
  readonly #process: SimulatedProcess

  constructor(world: World) {
    this.#world = world
    this.#random = world.random.stream('voters')
    this.#process = new SimulatedProcess({
      name: 'voter-admin',
      time: world.time,
      disk: new MemoryDisk(),
      random: this.#random.stream('process'),
      log: line => world.say(line),
    })
  }

  async run(): Promise<void> {
    while (!this.#world.isEnding) {
      await this.#world.time.sleep(this.#random.between(200, 3_000))
      if (this.#world.isEnding) break
      try {
        await this.#change()
      } catch (error) {
        // Nobody leads, the one before it is under way, or the leader went: tried again.
        if (!isExpected(error)) throw error
      }
    }
    this.#process.kill()
    this.#world.network.closeAllOf(this.#process)
  }

  async #change(): Promise<void> {
    const { cluster } = this.#world
    const leader = cluster.activeController
    if (leader?.running == null) return
    const { voters } = leader.running.node.quorum.log
    const [leaderId] = [...cluster.controllers].find(([, node]) => node === leader)!
    const spare = [...cluster.controllers].filter(([id]) => !voters.has(id))
    const adds = spare.length > 0 && (voters.size < 2 || this.#random.chance(0.5))
    if (adds) await this.#add(leaderId, this.#random.pick(spare))
    else if (voters.size > 1) await this.#remove(leaderId, voters)
  }

  async #add(
    leaderId: number,
    [voterId, node]: readonly [number, SimulatedNode<RunningController>],
  ): Promise<void> {
    const voterDirectoryId = node.running?.node.quorum.raft.state.local.directoryId ?? null
    if (voterDirectoryId === null) return
    await this.#ask(leaderId, async connection => {
      const answer = await connection.request(
        apis.addRaftVoter,
        {
          clusterId: null,
          timeoutMs: REQUEST_TIMEOUT_MS,
          voterId,
          voterDirectoryId,
          listeners: [{ name: LISTENER, ...controllerAddress(voterId) }],
          ackWhenCommitted: this.#random.chance(0.7),
        },
        { timeoutMs: REQUEST_TIMEOUT_MS },
      )
      this.#heard(`${node.name} joins the voters`, answer.errorCode)
    })
  }

  async #remove(leaderId: number, voters: VoterSet): Promise<void> {
    // Of two, a leader that removed itself and ended before that was committed leaves both without
    // a majority that would elect either (the thesis, figure 4.6).
    const removable = [...voters.values()].filter(({ id }) => voters.size > 2 || id !== leaderId)
    const { id: voterId, directoryId } = this.#random.pick(removable)
    if (directoryId === null) return
    await this.#ask(leaderId, async connection => {
      const answer = await connection.request(
        apis.removeRaftVoter,
        { clusterId: null, voterId, voterDirectoryId: directoryId },
        { timeoutMs: REQUEST_TIMEOUT_MS },
      )
      this.#heard(`${voterId} leaves the voters`, answer.errorCode)
    })
  }

  #heard(what: string, code: number): void {
    const error = errorName(code)
    this.#world.say(`voters: ${what}: ${error}`)
    if (error !== 'NONE') throw new KafkaError(error, what)
  }

  async #ask(leaderId: number, ask: (connection: ClientConnection) => Promise<void>) {
    const connection = await ClientConnection.open({
      network: this.#world.network.portOf(this.#process),
      clock: this.#process.clock,
      address: controllerAddress(leaderId),
      clientId: this.#process.name,
      software: { name: 'simulator', version: '1' },
      connectTimeoutMs: 500,
    })
    try {
      await ask(connection)
    } finally {
      connection.close()
    }
  }
}
