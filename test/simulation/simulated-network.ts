/**
 * A network in memory, and an unkind one: bytes take their time, come in pieces of any size and
 * lie in a buffer that is overwritten after the call; written bytes are looked at only when they
 * leave; connections break, are refused and get stuck in either direction.
 */
import type {
  Address,
  ConnectingOptions,
  Listener,
  Network,
  Socket,
} from '../../engine/ports/network.ts'
import { OperationalError } from '../../engine/support/operational-error.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import { SimulatedSocket } from './simulated-socket.ts'

const FIRST_EPHEMERAL_PORT = 40_000

export interface NetworkFaults {
  latencyMs: number
  /** Chance that a piece is cut into several. */
  splitChance: number
  /** Chance that bytes stay with their sender for some milliseconds. */
  slowChance: number
  /** Chance that a connection attempt is refused. */
  refuseChance: number
  /** Chance that a piece never arrives, and the connection breaks instead. */
  breakChance: number
}

interface Bound {
  readonly process: SimulatedProcess
  readonly onSocket: (socket: Socket) => void
  readonly accepted: Set<SimulatedSocket>
}

export class SimulatedNetwork {
  readonly time: SimulatedClock
  readonly random: SeededRandom
  faults: NetworkFaults
  readonly sockets = new Set<SimulatedSocket>()
  readonly #bound = new Map<string, Bound>()
  readonly #stuckUntilMs = new Map<string, number>()
  /** Told when a server closes a connection without being closed itself. */
  onRefusal: (what: string) => void = () => {}
  #nextPort = FIRST_EPHEMERAL_PORT

  constructor(time: SimulatedClock, random: SeededRandom, faults: NetworkFaults) {
    this.time = time
    this.random = random
    this.faults = faults
  }

  /** The network as one process has it, on a host of its own. */
  portOf(process: SimulatedProcess): Network {
    return {
      listen: (address, onSocket) => this.#listen(process, address, onSocket),
      connect: (address, options) => this.#connect(process, address, options),
    }
  }

  /** Sockets and listeners that the process has open. */
  openOf(process: SimulatedProcess): number {
    const listening = [...this.#bound.values()].filter(bound => bound.process === process)
    const sockets = [...this.sockets].filter(each => each.process === process && !each.closed)
    return listening.length + sockets.length
  }

  /** The process was killed: the system closes what it had open. */
  closeAllOf(process: SimulatedProcess): void {
    for (const [key, bound] of this.#bound) if (bound.process === process) this.#bound.delete(key)
    for (const socket of this.sockets) if (socket.process === process) socket.reset()
  }

  /** Breaks every connection between two hosts. */
  breakBetween(one: string, other: string): void {
    for (const socket of this.sockets)
      if (socket.process.name === one && socket.peer.process.name === other) socket.reset()
  }

  /** Nothing arrives from one host at the other for a while; nothing is lost either. */
  stick(from: string, to: string, untilMs: number): void {
    this.#stuckUntilMs.set(`${from}>${to}`, untilMs)
  }

  /** One host hears nothing of these others, or is not heard by them, or both. */
  isolate(
    host: string,
    others: readonly string[],
    how: { readonly deaf: boolean; readonly mute: boolean; readonly untilMs: number },
  ): void {
    for (const other of others) {
      if (other === host) continue
      if (how.deaf) this.stick(other, host, how.untilMs)
      if (how.mute) this.stick(host, other, how.untilMs)
    }
  }

  unstick(): void {
    this.#stuckUntilMs.clear()
  }

  /** When something sent now arrives, not counting what is before it. */
  arrivalMs(from: string, to: string): number {
    const { latencyMs } = this.faults
    const travelMs = 0.05 + this.random.fraction() ** 3 * latencyMs
    const now = this.time.nowMs
    return Math.max(now, this.#stuckUntilMs.get(`${from}>${to}`) ?? 0) + travelMs
  }

  #listen(
    process: SimulatedProcess,
    address: Address,
    onSocket: (socket: Socket) => void,
  ): Promise<Listener> {
    if (!process.alive) return new Promise(() => {})
    const port = address.port === 0 ? this.#nextPort++ : address.port
    const key = `${address.host}:${port}`
    if (this.#bound.has(key))
      return Promise.reject(new OperationalError(`${key}: the port is taken`))
    const accepted = new Set<SimulatedSocket>()
    this.#bound.set(key, { process, onSocket, accepted })
    const close = () =>
      new Promise<void>(resolve => {
        this.#bound.delete(key)
        for (const socket of accepted) socket.destroy()
        process.schedule(this.time.nowMs + 0.1, 'listener closed', resolve)
      })
    return Promise.resolve({ address: { host: address.host, port }, close })
  }

  #connect(
    process: SimulatedProcess,
    address: Address,
    { timeoutMs, signal }: ConnectingOptions,
  ): Promise<Socket> {
    const { host } = address
    const key = `${host}:${address.port}`
    return new Promise((resolve, reject) => {
      if (!process.alive) return
      const refuse = (why: string) => {
        signal?.removeEventListener('abort', giveUp)
        reject(new OperationalError(`${key}: ${why}`))
      }
      const giveUp = () => refuse('nobody waits for the connection any more')
      signal?.addEventListener('abort', giveUp)
      const deadlineMs = this.time.nowMs + timeoutMs
      const arrivesMs = this.arrivalMs(process.name, host)
      const fail = (atMs: number, why: string) =>
        process.schedule(atMs, `refused ${key}`, () => {
          refuse(why)
        })
      if (arrivesMs >= deadlineMs) {
        fail(deadlineMs, `no connection within ${timeoutMs} ms`)
        return
      }
      this.time.schedule(arrivesMs, `${process.name} connects to ${key}`, () => {
        const bound = this.#bound.get(key)
        const backMs = this.arrivalMs(host, process.name)
        const refused = this.random.chance(this.faults.refuseChance)
        if (bound === undefined || !bound.process.alive || refused)
          fail(Math.min(backMs, deadlineMs), 'connection refused')
        else if (backMs >= deadlineMs) fail(deadlineMs, `no connection within ${timeoutMs} ms`)
        else if (signal?.aborted !== true)
          this.#accept({
            process,
            bound,
            address,
            backMs,
            signal,
            resolve: socket => {
              signal?.removeEventListener('abort', giveUp)
              resolve(socket)
            },
          })
      })
    })
  }

  #accept(connecting: {
    readonly process: SimulatedProcess
    readonly bound: Bound
    readonly address: Address
    readonly backMs: number
    readonly signal: AbortSignal | undefined
    readonly resolve: (socket: Socket) => void
  }): void {
    const { process, bound, address, backMs, signal, resolve } = connecting
    const here = { host: process.name, port: this.#nextPort++ }
    const near = new SimulatedSocket(this, process, { local: here, remote: address })
    const far = new SimulatedSocket(this, bound.process, { local: address, remote: here })
    near.peer = far
    far.peer = near
    this.sockets.add(near).add(far)
    bound.accepted.add(far)
    far.onGone = () => bound.accepted.delete(far)
    far.onDestroy = () => {
      // Clients here keep to the protocol: only a listener that closes may show them the door.
      if (this.#bound.get(`${address.host}:${address.port}`) === bound)
        this.onRefusal(`${bound.process.name} closes the connection of ${process.name}`)
    }
    // The system accepts it, also for a process that is paused.
    bound.process.whenAwake(() => bound.onSocket(far))
    // Whoever gives up before he is connected leaves nothing open; later, it is no matter of ours.
    const giveUp = () => near.destroy()
    signal?.addEventListener('abort', giveUp)
    process.schedule(backMs, 'connected', () => {
      signal?.removeEventListener('abort', giveUp)
      resolve(near)
    })
  }
}
