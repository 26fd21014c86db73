/**
 * What all kinds of a node's thread have in common: messages to and from the supervisor, a logger
 * that speaks through it, standing still when it says so, and an end that is clean or says why.
 */
import { parentPort, workerData } from 'node:worker_threads'
import {
  PAUSED,
  type FromWorker,
  type NodeWorkerData,
  type ToWorker,
} from '../cluster/node-messages.ts'
import type { Logger } from '../ports/logger.ts'
import type { Address } from '../ports/network.ts'
import { holdEndsOff } from '../protocol/records/native.ts'
import { OperationalError } from '../support/operational-error.ts'
import { UnflushedFiles } from './unflushed-files.ts'

export function tellSupervisor(message: FromWorker): void {
  parentPort?.postMessage(message)
}

export const supervisorLogger: Logger = {
  info: message => tellSupervisor({ type: 'log', level: 'info', message }),
  warn: message => tellSupervisor({ type: 'log', level: 'warn', message }),
  error: message => tellSupervisor({ type: 'log', level: 'error', message }),
}

/** What this thread has written and not flushed, in the supervisor's memory. */
export function unflushedFiles(): UnflushedFiles {
  const { unflushed } = workerData as NodeWorkerData<unknown>
  return (held ??= new UnflushedFiles(unflushed.memory, unflushed.root))
}
let held: UnflushedFiles | null = null

/**
 * Runs a node until it is told to stop. An `OperationalError` is reported in words; anything else
 * is a bug, ends the thread, and reaches the supervisor as the thread's error.
 */
export function runNode<Data>(node: {
  start(data: Data, messages: NodeMessages): Promise<{ stop(): Promise<void> }>
}): void {
  const { node: data, pauseCell, endCell } = workerData as NodeWorkerData<Data>
  holdEndsOff(endCell)
  const messages = new NodeMessages()
  messages.on('pause', () => standStill(pauseCell))
  void (async () => {
    try {
      const running = await node.start(data, messages)
      await messages.next('stop')
      await running.stop()
      tellSupervisor({ type: 'stopped' })
    } catch (error) {
      // The worker's top level: environment is reported, bugs go on.
      if (!(error instanceof OperationalError)) throw error
      tellSupervisor({ type: 'failed', message: error.message })
    } finally {
      parentPort?.close()
    }
  })()
}

type ControllerAddresses = ReadonlyMap<number, Address>

/**
 * Blocks the whole thread, as SIGSTOP does a process: timers that fall due meanwhile ring when it
 * goes on, and bytes wait in the system's socket buffers.
 */
function standStill(pauseCell: Int32Array<SharedArrayBuffer>): void {
  tellSupervisor({ type: 'paused' })
  Atomics.wait(pauseCell, 0, PAUSED)
  tellSupervisor({ type: 'resumed' })
}

/** The supervisor's messages, each waited for by its type. */
export class NodeMessages {
  readonly #arrived = new Map<ToWorker['type'], ToWorker>()
  readonly #waiting = new Map<ToWorker['type'], (message: ToWorker) => void>()
  readonly #addressListeners: ((addresses: ControllerAddresses) => void)[] = []
  #addresses: ControllerAddresses | null = null

  constructor() {
    parentPort?.on('message', (message: ToWorker) => {
      if (message.type === 'controllers-listen') {
        this.#addresses = message.addresses
        for (const listener of this.#addressListeners) listener(message.addresses)
        return
      }
      const waiting = this.#waiting.get(message.type)
      if (waiting === undefined) this.#arrived.set(message.type, message)
      else waiting(message)
    })
  }

  /** Where the controllers listen, now and whenever it changes: both roles of a node hear it. */
  onControllers(listener: (addresses: ControllerAddresses) => void): void {
    this.#addressListeners.push(listener)
    if (this.#addresses !== null) listener(this.#addresses)
  }

  /** Hears every message of a type, those that came before it listened too. */
  on<T extends ToWorker['type']>(
    type: T,
    listener: (message: Extract<ToWorker, { type: T }>) => void,
  ): void {
    type Wanted = Extract<ToWorker, { type: T }>
    this.#waiting.set(type, message => listener(message as Wanted))
    const arrived = this.#arrived.get(type)
    this.#arrived.delete(type)
    if (arrived !== undefined) listener(arrived as Wanted)
  }

  next<T extends ToWorker['type']>(type: T): Promise<Extract<ToWorker, { type: T }>> {
    type Wanted = Extract<ToWorker, { type: T }>
    const arrived = this.#arrived.get(type)
    if (arrived !== undefined) {
      this.#arrived.delete(type)
      return Promise.resolve(arrived as Wanted)
    }
    return new Promise(resolve => {
      this.#waiting.set(type, message => {
        this.#waiting.delete(type)
        resolve(message as Wanted)
      })
    })
  }
}
