/**
 * Hands random values of every declared message, in every version, to Apache Kafka's own classes,
 * which must read our bytes and write the same ones; and compares the error table. Needs Maven,
 * once, and a JDK. Prints each difference, and exits with 1 if there is any.
 *
 * Run: node test/schemas/echo.ts
 */
import { execFileSync } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { errorTable } from '../../engine/protocol/errors.ts'
import { arbitraryMessage } from '../engine/protocol/arbitrary-message.ts'
import { jarPath, KAFKA, kafkaJars, loggingJar, OLDER_KAFKA, olderKafkaJars } from './artifacts.ts'
import { findDeclarations } from './declarations.ts'
import { includes, readSchemas } from './kafka-schema.ts'

const VALUES_PER_VERSION = 12
const SEED = 20_260_000
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024

interface Sample {
  readonly name: string
  readonly version: number
  readonly hex: string
}

const schemas = readSchemas(kafkaJars)
const samples: Sample[] = []
const olderSamples: Sample[] = []
for (const { message } of await findDeclarations())
  for (let version = message.versions[0]; version <= message.versions[1]; version++) {
    const current = includes(schemas.get(message.name)?.versions ?? null, version)
    const options = { numRuns: VALUES_PER_VERSION, seed: SEED }
    for (const value of fc.sample(arbitraryMessage(message, version), options)) {
      const hex = Buffer.from(message.encode(value, version)).toString('hex')
      ;(current ? samples : olderSamples).push({ name: message.name, version, hex })
    }
  }

const { errors, found } = echo(kafkaJars, samples)
const ours = Object.entries(errorTable).map(
  ([name, { code, retriable }]) => `${name} ${code} ${retriable}`,
)
found.push(
  ...errors.filter(line => !ours.includes(line)).map(line => `error in Kafka alone: ${line}`),
  ...ours.filter(line => !errors.includes(line)).map(line => `error with us alone: ${line}`),
  ...echo(olderKafkaJars, olderSamples).found,
)
if (samples.length === 0 || olderSamples.length === 0) found.push('nothing was compared')
for (const line of found) console.log(line)
console.log(
  `${samples.length} values read and written by Apache Kafka ${KAFKA}, ${olderSamples.length} by ` +
    `${OLDER_KAFKA}, and ${errors.length} errors: ${found.length} differences`,
)
process.exitCode = found.length === 0 ? 0 : 1

function echo(
  jars: readonly string[],
  sent: readonly Sample[],
): { readonly errors: string[]; readonly found: string[] } {
  const output = execFileSync(
    'java',
    [
      '-cp',
      [...jars, loggingJar].map(jarPath).join(delimiter),
      fileURLToPath(new URL('KafkaEcho.java', import.meta.url)),
    ],
    {
      input: sent.map(({ name, version, hex }) => `${name} ${version} ${hex}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: OUTPUT_BYTES_MAX,
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  )
  const lines = output.split('\n')
  const end = lines.indexOf('')
  const echoed = lines.slice(end + 1)
  const found = sent.flatMap(({ name, version, hex }, index) =>
    echoed[index] === hex
      ? []
      : [`${name} version ${version}: wrote ${hex}, Kafka ${echoed[index]}`],
  )
  return { errors: lines.slice(0, end), found }
}
