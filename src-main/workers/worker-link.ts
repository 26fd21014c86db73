/**
 * The connection to one inspect worker, from its start to its end. Unlike a page's connection it
 * is not opened again: what was under way in a worker that ends is lost, and its callers are told.
 * Results and items stay encoded, since most of them go on to a page.
 */
import { ContractError, EncodedValue, type FramePort, type Problem } from '../contract/define.ts'
import { decodeFrame, encodeFrame, openFrame } from '../contract/frame.ts'
import type { ClientMessage, ServerMessage } from '../contract/messages.ts'

export interface EncodedReader {
  onItem(item: EncodedValue): void
  /** Null when it ran to its end, else why. */
  onEnd(problem: Problem | null): void
}

export interface LinkedStream {
  /** Tells the worker whether items pile up behind us. */
  setCongested(congested: boolean): void
  close(): void
}

interface Call {
  resolve(value: EncodedValue | undefined): void
  reject(error: ContractError): void
}

export class WorkerLink {
  readonly #port: FramePort
  readonly #calls = new Map<number, Call>()
  readonly #streams = new Map<number, EncodedReader>()
  #nextId = 1

  constructor(port: FramePort) {
    this.#port = port
    port.onFrame(frame => this.#receive(frame))
  }

  /** Calls and streams that are under way. */
  get openCount(): number {
    return this.#calls.size + this.#streams.size
  }

  /** Undefined is the answer of a command without one. */
  call(name: string, input: unknown, signal?: AbortSignal): Promise<EncodedValue | undefined> {
    if (signal?.aborted === true) return Promise.reject(cancelled(name))
    const { promise, resolve, reject } = Promise.withResolvers<EncodedValue | undefined>()
    const id = this.#nextId++
    this.#calls.set(id, { resolve, reject })
    this.#send({ type: 'call', id, name, input })
    if (signal === undefined) return promise
    const onAbort = () => {
      if (this.#calls.delete(id)) this.#send({ type: 'cancel', id })
      reject(cancelled(name))
    }
    signal.addEventListener('abort', onAbort, { once: true })
    return promise.finally(() => signal.removeEventListener('abort', onAbort))
  }

  stream(name: string, input: unknown, reader: EncodedReader): LinkedStream {
    const id = this.#nextId++
    this.#streams.set(id, reader)
    this.#send({ type: 'open', id, name, input })
    return {
      setCongested: congested => {
        if (this.#streams.has(id)) this.#send({ type: 'congestion', id, congested })
      },
      close: () => {
        if (this.#streams.delete(id)) this.#send({ type: 'cancel', id })
      },
    }
  }

  /** The worker is gone: nothing that is under way will be answered. */
  end(problem: Problem): void {
    const [calls, streams] = [[...this.#calls.values()], [...this.#streams.values()]]
    this.#calls.clear()
    this.#streams.clear()
    for (const call of calls) call.reject(new ContractError(problem))
    for (const stream of streams) stream.onEnd(problem)
  }

  #receive(frame: Uint8Array): void {
    const opened = openFrame(frame)
    if (opened?.type === 'item') this.#streams.get(opened.id)?.onItem(opened.value)
    else if (opened?.type === 'result') this.#settled(opened.id)?.resolve(opened.value)
    else this.#receiveOther(decodeFrame(frame) as ServerMessage)
  }

  #receiveOther(message: ServerMessage): void {
    switch (message.type) {
      case 'result':
        this.#settled(message.id)?.resolve(undefined)
        return
      case 'error':
        this.#settled(message.id)?.reject(new ContractError(message.problem))
        return
      case 'end': {
        const stream = this.#streams.get(message.id)
        this.#streams.delete(message.id)
        stream?.onEnd(message.problem)
        return
      }
      // Items have values, and a worker has no events.
      case 'item':
      case 'event':
    }
  }

  #settled(id: number): Call | undefined {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    return call
  }

  #send(message: ClientMessage): void {
    this.#port.send(encodeFrame(message))
  }
}

function cancelled(name: string): ContractError {
  return new ContractError({ code: 'CANCELLED', message: `${name} was cancelled` })
}
