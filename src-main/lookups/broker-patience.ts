/**
 * For how long a broker is waited for by those whose other answers wait with it. One that is paused
 * keeps its connections open and answers never: its own line says so, and the others are shown.
 */
import type { ClientConnection } from '../../engine/client/client-connection.ts'
import type { Client, Target } from '../../engine/client/client.ts'
import { KafkaError } from '../../engine/protocol/errors.ts'
import { BrokerQuestion } from './broker-question.ts'
import { within } from './patience.ts'

/** For what costs a broker nothing, as where its logs end: one that answers does so long before. */
export const PATIENCE_MS = 2_000
/** For what it has to work for: a coordinator may load its groups, or ask others itself. */
const WORK_PATIENCE_MS = 10_000
/** Who was silent the last time gets so much less. */
const SILENT_SHARE = 5
const LOOK_MS = 250

/** A broker by its id, or the coordinator of a group by the group's. */
type Asked = number | string

export class BrokerPatience {
  readonly #silent = new Set<Asked>()

  patienceMs(who: Asked, patienceMs = PATIENCE_MS): number {
    return this.#silent.has(who) ? patienceMs / SILENT_SHARE : patienceMs
  }

  isSilent(who: Asked): boolean {
    return this.#silent.has(who)
  }

  hear(who: Asked, answered: boolean): void {
    if (answered) this.#silent.delete(who)
    else this.#silent.add(who)
  }
}

const patienceWith = new WeakMap<Client, BrokerPatience>()

/**
 * Asks a broker, by its id, or the coordinator of a group, by the group's. Rejects with
 * REQUEST_TIMED_OUT when it is silent for too long, and as `ask` does. An answer that comes later is a
 * sign of life all the same.
 */
export async function askInTime<T>(
  client: Client,
  who: Asked,
  ask: (connection: ClientConnection) => Promise<T>,
  patienceMs = WORK_PATIENCE_MS,
): Promise<T> {
  const patience = patienceWith.get(client) ?? new BrokerPatience()
  patienceWith.set(client, patience)
  const question = new BrokerQuestion(client, targetOf(who), ask)
  void question.answer.then(
    () => patience.hear(who, true),
    () => {},
  )
  for (;;) {
    // Others may find out meanwhile that it is silent.
    const leftMs = patience.patienceMs(who, patienceMs) - question.silentForMs
    if (leftMs <= 0) break
    await within(Math.min(leftMs, LOOK_MS), question.ended)
    if (question.hasEnded) return question.answer
  }
  patience.hear(who, false)
  throw silence(who)
}

export function silence(who: Asked): KafkaError {
  const name = typeof who === 'number' ? `broker ${who}` : `the coordinator of ${who}`
  return new KafkaError('REQUEST_TIMED_OUT', `${name} does not answer`)
}

function targetOf(who: Asked): Target {
  return typeof who === 'number'
    ? { type: 'broker', brokerId: who }
    : { type: 'group-coordinator', groupId: who }
}
