/** Replicas, leaders and features through Kafka's own tools, on a cluster of three brokers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wait } from '../../src-main/clusters/wait.ts'
import { startClusterUnderTest } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { createTopic, javaTool, javaToolChecked, kcatRun } from './tools.ts'

const found = await java.find()
const REASSIGN = 'reassign.ReassignPartitionsCommand'
const ELR = 'eligible.leader.replicas.version'
let cluster: RunningCluster
let folder: string

interface Row {
  readonly leader: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

describe.skipIf(found === null)('replicas through the Java command-line tools', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'odradek-replicas-'))
    cluster = await startClusterUnderTest({ brokers: 3 })
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    await cluster?.stop()
  })

  test('a topic of three replicas has them on three brokers, all in sync', async () => {
    const factor = ['--partitions', '6', '--replication-factor', '3']
    await tool('TopicCommand', '--create', '--topic', 'spread', ...factor)
    const rows = await describeTopic('spread')
    expect(rows.length).toBe(6)
    for (const { leader, replicas, isr } of rows) {
      expect(new Set(replicas)).toEqual(new Set([1, 2, 3]))
      expect(new Set(isr)).toEqual(new Set([1, 2, 3]))
      expect(leader).toBe(replicas[0])
    }
    for (const id of [1, 2, 3]) expect(rows.filter(row => row.leader === id).length).toBe(2)
  })

  test('an assignment made by hand is what the topic gets', async () => {
    await tool('TopicCommand', '--create', '--topic', 'byhand', '--replica-assignment', '3:1,1:2')
    expect(await describeTopic('byhand')).toMatchObject([
      { leader: 3, replicas: [3, 1] },
      { leader: 1, replicas: [1, 2] },
    ])
  })

  test('ReassignPartitionsCommand moves partitions, and the records are still there', async () => {
    await tool('TopicCommand', '--create', '--topic', 'moved', '--replica-assignment', '1:2')
    await kcatRun(cluster, ['-P', '-t', 'moved', '-X', 'acks=all'], { input: lines(2000) })
    const file = reassignment('moved', [2, 3])
    const from = [...to(), '--reassignment-json-file', file]
    const begun = await javaToolChecked(REASSIGN, [...from, '--execute'])
    expect(begun.stdout).toContain('Successfully started partition reassignment for moved-0')
    await until(
      async () => (await javaTool(REASSIGN, [...from, '--verify'])).stdout,
      done => done.includes('Reassignment of partition moved-0 is completed'),
    )
    expect(await describeTopic('moved')).toMatchObject([{ leader: 2, replicas: [2, 3] }])
    const read = await kcatRun(cluster, ['-C', '-t', 'moved', '-e', '-q'])
    expect(read.stdout).toBe(lines(2000))
  })

  test('a throttled move can be listed and given up', async () => {
    await tool('TopicCommand', '--create', '--topic', 'stuck', '--replica-assignment', '1:2')
    await kcatRun(cluster, ['-P', '-t', 'stuck', '-X', 'acks=all'], { input: lines(20_000) })
    const from = [...to(), '--reassignment-json-file', reassignment('stuck', [3, 1])]
    await javaToolChecked(REASSIGN, [...from, '--execute', '--throttle', '1000'])
    const listed = await javaToolChecked(REASSIGN, [...to(), '--list'])
    expect(listed.stdout).toMatch(/stuck-0: replicas: 3,1,2\. adding: 3\. removing: 2\./)
    const cancelled = await javaToolChecked(REASSIGN, [...from, '--cancel'])
    expect(cancelled.stdout).toContain('Successfully cancelled partition reassignment for: stuck-0')
    const [row] = await describeTopic('stuck')
    expect(new Set(row!.replicas)).toEqual(new Set([1, 2]))
    const none = await javaToolChecked(REASSIGN, [...to(), '--list'])
    expect(none.stdout).toContain('No partition reassignments found.')
  })

  test('LeaderElectionCommand gives leadership to the preferred replica', async () => {
    await tool('TopicCommand', '--create', '--topic', 'elected', '--replica-assignment', '1:2:3')
    const from = [...to(), '--reassignment-json-file', reassignment('elected', [2, 1, 3])]
    await javaToolChecked(REASSIGN, [...from, '--execute'])
    expect(await describeTopic('elected')).toMatchObject([{ leader: 1, replicas: [2, 1, 3] }])
    const elect = ['--election-type', 'preferred', '--topic', 'elected', '--partition', '0']
    const elected = await javaToolChecked('LeaderElectionCommand', [...to(), ...elect])
    expect(elected.stdout).toContain('Successfully completed leader election (PREFERRED)')
    expect(await describeTopic('elected')).toMatchObject([{ leader: 2, replicas: [2, 1, 3] }])
    const again = await javaToolChecked('LeaderElectionCommand', [...to(), ...elect])
    expect(again.stdout).toContain('Valid replica already elected for partitions elected-0')
  })

  test('FeatureCommand shows features, and takes one down and up again', async () => {
    const feature = ['--feature', `${ELR}=0`]
    expect(await describedLevel()).toBe(1)
    await javaToolChecked('FeatureCommand', [...to(), 'downgrade', ...feature])
    expect(await describedLevel()).toBe(0)
    const up = ['upgrade', '--feature', `${ELR}=1`]
    await javaToolChecked('FeatureCommand', [...to(), ...up])
    expect(await describedLevel()).toBe(1)
    const beyond = ['upgrade', '--feature', `${ELR}=9`]
    const refused = await javaTool('FeatureCommand', [...to(), ...beyond])
    expect(refused.status).toBe(1)
    expect(refused.stdout + refused.stderr).toContain(ELR)
  })

  test('a replica moves to the log folder that it is in, and to no other', async () => {
    await createTopic(cluster, 'folders')
    const [{ leader }] = (await describeTopic('folders')) as [Row]
    const which = ['--describe', '--topic-list', 'folders', '--broker-list', String(leader)]
    const described = await javaToolChecked('LogDirsCommand', [...to(), ...which])
    const [, logDir] = /"logDir":"([^"]+)"/.exec(described.stdout)!
    const same = [...to(), '--reassignment-json-file', reassignment('folders', [leader], [logDir!])]
    const moved = await javaToolChecked(REASSIGN, [...same, '--execute'])
    expect(moved.stdout).toContain(
      `Successfully started moving log directory to ${logDir} for replica folders-0`,
    )
    const other = reassignment('folders', [leader], ['/no/such/folder'])
    const execute = ['--reassignment-json-file', other, '--execute', '--timeout', '3000']
    const refused = await javaTool(REASSIGN, [...to(), ...execute])
    expect(refused.stdout + refused.stderr).toContain('LogDirNotFoundException')
  })
})

function to(): readonly string[] {
  return ['--bootstrap-server', cluster.bootstrap]
}

async function tool(name: string, ...args: readonly string[]): Promise<string> {
  return (await javaToolChecked(name, [...to(), ...args])).stdout
}

async function describeTopic(topic: string): Promise<readonly Row[]> {
  const described = await tool('TopicCommand', '--describe', '--topic', topic)
  const ids = (text: string): readonly number[] => text.split(',').filter(Boolean).map(Number)
  return [
    ...described.matchAll(/Partition: \d+\tLeader: (\d+)\tReplicas: ([\d,]+)\tIsr: ([\d,]*)/g),
  ].map(([, leader, replicas, isr]) => ({
    leader: Number(leader),
    replicas: ids(replicas!),
    isr: ids(isr!),
  }))
}

async function describedLevel(): Promise<number> {
  const { stdout } = await javaToolChecked('FeatureCommand', [...to(), 'describe'])
  const line = stdout.split('\n').find(each => each.includes(ELR)) ?? ''
  return Number(/FinalizedVersionLevel: (\d+)/.exec(line)?.[1])
}

let files = 0
function reassignment(
  topic: string,
  replicas: readonly number[],
  logDirs?: readonly string[],
): string {
  const file = join(folder, `reassignment-${files++}.json`)
  const partition = { topic, partition: 0, replicas, ...(logDirs && { log_dirs: logDirs }) }
  writeFileSync(file, JSON.stringify({ version: 1, partitions: [partition] }))
  return file
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, n) => `record ${n} ${'x'.repeat(80)}\n`).join('')
}

async function until(
  ask: () => Promise<string>,
  holds: (answer: string) => boolean,
): Promise<void> {
  const deadlineMs = Date.now() + 30_000
  let answer = ''
  while (Date.now() < deadlineMs) {
    answer = await ask()
    if (holds(answer)) return
    await wait(500)
  }
  throw new Error(`still not there after 30 s: ${answer}`)
}
