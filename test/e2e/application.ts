/**
 * The application under test: the built command line in a process of its own, on free ports and
 * with a folder that lasts as long as it does. And the Kafka clients that tests write with.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, type Page } from '@playwright/test'
import { Kafka, logLevel, type Message } from 'kafkajs'
import { outFolder, rootFolder } from '../../scripts/build.ts'

const START_MS_MAX = 30_000
const STOP_MS_MAX = 15_000

export interface RunningApplication {
  readonly bootstrap: string
  /** With its token. */
  readonly url: string
  readonly kafka: Kafka
}

/** Starts `odradek web` with these options besides, and resolves when it says where it is. */
export async function startWeb(
  ...options: string[]
): Promise<RunningApplication & { stop(): Promise<number | null> }> {
  const entry = join(outFolder, 'main', 'odradek.js')
  const own = ['--port', '0', '--kafka-port', '0', '--no-open']
  const child = spawn(process.execPath, [entry, 'web', ...own, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { bootstrap, url } = await announced(child)
  const kafka = new Kafka({
    clientId: 'page-tests',
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
  })
  return { bootstrap, url, kafka, stop: () => stopProcess(child) }
}

/** What the process says of itself once it is there. */
export function announced(child: ChildProcess): Promise<{ bootstrap: string; url: string }> {
  return new Promise((resolve, reject) => {
    let output = ''
    const give = (reason: string) => {
      clearTimeout(limit)
      reject(new Error(`the application ${reason}:\n${output}`))
    }
    const limit = setTimeout(() => give('does not say where it is'), START_MS_MAX)
    child.once('exit', code => give(`ended with ${code}`))
    const onData = (chunk: Buffer) => {
      output += chunk.toString()
      const bootstrap = /^bootstrap=(.+)$/m.exec(output)?.[1]
      const url = /^http:\S+$/m.exec(output)?.[0]
      if (bootstrap === undefined || url === undefined) return
      clearTimeout(limit)
      resolve({ bootstrap, url })
    }
    child.stdout?.on('data', onData)
    child.stderr?.on('data', onData)
  })
}

/** As a user ends it. Resolves with the exit code, null when it had to be killed. */
export function stopProcess(child: ChildProcess): Promise<number | null> {
  return new Promise(resolve => {
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    child.once('exit', code => {
      clearTimeout(limit)
      resolve(code)
    })
    child.kill('SIGTERM')
  })
}

interface Fixtures {
  /** Opens a page of the local cluster, as `topics/orders`. */
  readonly visit: (path: string) => Promise<void>
}

/** One application without the sample shop for all tests of a worker. */
export const test = base.extend<Fixtures, { application: RunningApplication }>({
  visit: async ({ page, application }, use) => {
    await use(async path => {
      // Another hash alone would not load the page anew.
      await page.goto('about:blank')
      await page.goto(`${application.url}#/local/${path}`)
    })
  },
  application: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's shape.
    async ({}, use) => {
      const running = await startWeb('--ephemeral', '--no-sample')
      await use(running)
      await running.stop()
    },
    { scope: 'worker' },
  ],
})

/** For records whose times are the test's own, past what a topic keeps by itself. */
export const keepsOldRecords = { 'retention.ms': '-1' } as const

/** A topic of its own for each test, so that none depends on another's records. */
export async function createTopic(
  { kafka }: RunningApplication,
  topic: string,
  partitions: number,
  configs: Readonly<Record<string, string>> = {},
): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }] })
  await admin.disconnect()
}

export async function produce(
  { kafka }: RunningApplication,
  topic: string,
  messages: Message[],
): Promise<void> {
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages })
  await producer.disconnect()
}

/**
 * Commits as a consumer does, and leaves. kafkajs's own `setOffsets` waits for a whole fetch, which
 * takes five seconds where there is nothing to fetch.
 */
export async function commitOffsets(
  { kafka }: Pick<RunningApplication, 'kafka'>,
  commit: {
    readonly groupId: string
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
  },
): Promise<void> {
  const { groupId, topic, partitions } = commit
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 })
  const joined = new Promise(resolve => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.connect()
  await consumer.subscribe({ topic })
  await consumer.run({ autoCommit: false, eachMessage: async () => {} })
  await joined
  await consumer.commitOffsets(partitions.map(each => ({ topic, ...each })))
  await consumer.disconnect()
}

/** Whether somebody may look at them. A picture takes half a second, and there are hundreds. */
export const keepsPictures = process.env['CI'] === undefined

/** Kept for a person to look at, in `artifacts/e2e`; never compared. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (!keepsPictures) return
  const folder = join(rootFolder, 'artifacts', 'e2e')
  mkdirSync(folder, { recursive: true })
  // As it stands once it has settled: colours fade when they change.
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}
