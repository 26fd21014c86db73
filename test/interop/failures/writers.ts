/** The clients of a cell, each a process: two producers that tell what was acknowledged, a consumer. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCommand, type RunningCommand } from '../run-command.ts'
import { interopFile } from '../setup/cache.ts'
import { pythonCommand } from '../setup/python.ts'
import { javaToolStart } from '../tools.ts'

export type Acks = '1' | 'all'

export interface Written {
  /** Values that were acknowledged. */
  readonly acknowledged: readonly string[]
  /** How often each error was the last word on a record. */
  readonly errors: ReadonlyMap<string, number>
  /** The longest time between two acknowledgements, in milliseconds. */
  readonly longestSilenceMs: number
}

export interface Writer {
  readonly name: string
  /** Settles when records are acknowledged steadily. */
  ready(): Promise<void>
  /** Settles when a record is refused. */
  refused(): Promise<void>
  /** No new records; what is under way is waited for. */
  finish(): Promise<Written>
}

const PER_SECOND = 400
const READY_COUNT = 400
const FINISH_MS = 130_000

export interface WriterOptions {
  readonly bootstrap: string
  readonly topic: string
  readonly acks: Acks
  /** Whether the producer tries again, as producers do by default; if not, each error is told. */
  readonly retries: boolean
}

/** Java's VerifiableProducer, idempotent where Java's producer is so by default. */
export function javaWriter({ bootstrap, topic, acks, retries }: WriterOptions): Writer {
  const folder = mkdtempSync(join(tmpdir(), 'writer-'))
  const config = join(folder, 'producer.properties')
  const isIdempotent = acks === 'all' && retries
  const lines = [`retries=${retries ? 2147483647 : 0}`, `enable.idempotence=${isIdempotent}`]
  writeFileSync(config, lines.map(line => `${line}\n`).join(''))
  const where = ['--bootstrap-server', bootstrap, '--topic', topic]
  const how = ['--throughput', String(PER_SECOND), '--acks', acks === 'all' ? '-1' : acks]
  const more = ['--value-prefix', '1', '--command-config', config]
  const command = javaToolStart('VerifiableProducer', [...where, ...how, ...more])
  return {
    name: 'Java',
    ready: () => untilSaid(command, new RegExp(`"value":"1\\.${READY_COUNT}"`)),
    refused: () => untilSaid(command, /producer_send_error/),
    async finish() {
      await command.end('SIGTERM', FINISH_MS)
      rmSync(folder, { recursive: true, force: true })
      const acknowledged: string[] = []
      const errors = new Map<string, number>()
      const timesMs: number[] = []
      for (const line of command.output().split('\n')) {
        if (!line.startsWith('{') || !line.endsWith('}')) continue
        const told = JSON.parse(line) as Record<string, unknown>
        if (told['name'] === 'producer_send_success') {
          acknowledged.push(String(told['value']))
          timesMs.push(Number(told['timestamp']))
        } else if (told['name'] === 'producer_send_error' && !isItsEnd(told['message']))
          count(errors, String(told['exception']).replace(/^.*\./, ''))
      }
      return { acknowledged, errors, longestSilenceMs: longestGap(timesMs) }
    },
  }
}

/** librdkafka, idempotent with acks=all. */
export function librdkafkaWriter({ bootstrap, topic, acks, retries }: WriterOptions): Writer {
  const script = interopFile('python', 'acked_producer.py')
  const once = retries ? [] : ['retries=0', 'enable.idempotence=false']
  const args = [script, bootstrap, topic, '2', String(PER_SECOND), acks, ...once]
  const command = startCommand(pythonCommand, args)
  return {
    name: 'librdkafka',
    ready: () => untilSaid(command, new RegExp(`^a ${READY_COUNT} `)),
    refused: () => untilSaid(command, /^e /),
    async finish() {
      await command.end('SIGTERM', FINISH_MS)
      const acknowledged: string[] = []
      const errors = new Map<string, number>()
      const timesMs: number[] = []
      for (const line of command.output().split('\n')) {
        const [what, number, third, atMs] = line.split(' ')
        if (what === 'e') count(errors, third ?? '')
        // A line without its end was cut by the end of its writer.
        if (what !== 'a' || atMs === undefined) continue
        acknowledged.push(`2.${number}`)
        timesMs.push(Number(atMs))
      }
      return { acknowledged, errors, longestSilenceMs: longestGap(timesMs) }
    },
  }
}

/** Java's VerifiableConsumer in a group of its own, which tells each record that it is given. */
export function verifiableReader(bootstrap: string, topic: string) {
  const where = ['--bootstrap-server', bootstrap, '--topic', topic]
  const how = ['--group-id', `reads-${topic}`, '--reset-policy', 'earliest', '--verbose']
  const command = javaToolStart('VerifiableConsumer', [...where, ...how])
  return {
    /** Settles when the record at this offset was given, or `limitMs` are over. */
    reaches: (offset: number, limitMs: number) =>
      command
        .line(
          new RegExp(`"offset":${offset}[,}].*record_data|record_data.*"offset":${offset}[,}]`),
          limitMs,
        )
        .then(
          () => true,
          () => false,
        ),
    /** Values by offset, and how many records were given more than once. */
    async finish() {
      await command.end('SIGTERM', FINISH_MS)
      const values = new Map<number, string>()
      let again = 0
      for (const line of command.output().split('\n')) {
        if (!line.includes('"record_data"') || !line.endsWith('}')) continue
        const { offset, value } = JSON.parse(line) as { offset: number; value: string }
        if (values.has(offset)) again++
        values.set(offset, value)
      }
      return { values, again }
    },
  }
}

async function untilSaid(command: RunningCommand, pattern: RegExp): Promise<void> {
  await command.line(pattern, 60_000)
}

/** A record that was under way when the producer itself was ended says so. */
function isItsEnd(message: unknown): boolean {
  return /producer (is |has been )?closed/i.test(String(message))
}

function count(errors: Map<string, number>, name: string): void {
  errors.set(name, (errors.get(name) ?? 0) + 1)
}

function longestGap(timesMs: readonly number[]): number {
  const sorted = timesMs.toSorted((a, b) => a - b)
  return sorted.reduce((longest, at, index) => Math.max(longest, at - (sorted[index - 1] ?? at)), 0)
}
