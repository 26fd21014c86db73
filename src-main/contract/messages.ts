/** What travels in frames. Answers and items name the id that the client gave its call. */
import { boolean, integer, literal, object, string, type Check } from './check.ts'
import { ContractError, type Problem } from './define.ts'

export type ClientMessage =
  /** Asks for one answer. */
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  /** Opens a stream. */
  | { readonly type: 'open'; readonly id: number; readonly name: string; readonly input: unknown }
  /** Nobody waits for this call or reads this stream any more. */
  | { readonly type: 'cancel'; readonly id: number }
  /** The stream's items go further than to us, and pile up there, or no longer. */
  | { readonly type: 'congestion'; readonly id: number; readonly congested: boolean }
  /** From now on (`wanted`), or no longer, send events of this name. */
  | { readonly type: 'listen'; readonly name: string; readonly wanted: boolean }

export type ServerMessage =
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly problem: Problem }
  | { readonly type: 'item'; readonly id: number; readonly value: unknown }
  | { readonly type: 'end'; readonly id: number; readonly problem: Problem | null }
  | { readonly type: 'event'; readonly name: string; readonly value: unknown }

const unchecked: Check<unknown> = { read: value => value }
const id = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const name = string({ minLength: 1, maxLength: 100 })

const asked = object({ type: literal('call', 'open'), id, name, input: unchecked })
const cancelled = object({ type: literal('cancel'), id })
const congestion = object({ type: literal('congestion'), id, congested: boolean })
const listening = object({ type: literal('listen'), name, wanted: boolean })

/** Throws `INVALID_INPUT` on what no client of ours sends. */
export function checkClientMessage(value: unknown): ClientMessage {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : null
  switch (type) {
    case 'call':
    case 'open': {
      const message = asked.read(value, 'message')
      return { ...message, input: message.input }
    }
    case 'cancel':
      return cancelled.read(value, 'message')
    case 'congestion':
      return congestion.read(value, 'message')
    case 'listen':
      return listening.read(value, 'message')
    default:
      throw new ContractError({ code: 'INVALID_INPUT', message: `no message is ${String(type)}` })
  }
}
