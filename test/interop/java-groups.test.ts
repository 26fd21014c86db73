import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterUnderTest } from './cluster-under-test.ts'
import type { RunningCommand } from './run-command.ts'
import type { RunningCluster } from './running-cluster.ts'
import { java } from './setup/java.ts'
import { createTopic, javaTool, javaToolChecked, javaToolStart, jsonLines } from './tools.ts'

const found = await java.find()
let cluster: RunningCluster

describe.skipIf(found === null)('Java group tools', () => {
  beforeAll(async () => {
    cluster = await startClusterUnderTest()
    await createTopic(cluster, 'read', { partitions: 2 })
    await javaToolChecked('VerifiableProducer', [
      ...to(),
      '--topic',
      'read',
      '--max-messages',
      '200',
      '--acks',
      '-1',
      '--repeating-keys',
      '50',
    ])
  })
  afterAll(async () => {
    await cluster?.stop()
  })

  test('ConsumerGroupCommand shows a living group, its members and its state', async () => {
    const member = await startMember('living')
    try {
      expect((await groups('--list')).split('\n')).toContain('living')
      expect(await groups('--list', '--state')).toMatch(/^living\s+Stable\s*$/m)

      const offsets = rows(await groups('--describe', '--group', 'living'))
      expect(new Set(offsets.map(row => row['PARTITION']))).toEqual(new Set(['0', '1']))
      for (const row of offsets) {
        expect(row['TOPIC']).toBe('read')
        expect(row['LAG']).toBe('0')
        expect(row['CURRENT-OFFSET']).toBe(row['LOG-END-OFFSET'])
        expect(row['HOST']).toBe('/127.0.0.1')
        expect(row['CONSUMER-ID']).toMatch(/^consumer-living-/)
      }
      const members = rows(
        await groups('--describe', '--group', 'living', '--members', '--verbose'),
      )
      expect(members).toHaveLength(1)
      expect(members[0]).toMatchObject({ GROUP: 'living', '#PARTITIONS': '2' })
      const state = rows(await groups('--describe', '--group', 'living', '--state'))
      expect(state[0]).toMatchObject({ GROUP: 'living', STATE: 'Stable', '#MEMBERS': '1' })

      const busy = await tryGroups('--delete', '--group', 'living')
      expect(busy).toContain('GroupNotEmptyException')
      const moved = await tryGroups(...reset('living', '--to-earliest'), '--execute')
      expect(moved).toMatch(/inactive|active|Stable/)
    } finally {
      await member.end('SIGTERM')
    }
    const state = rows(await groups('--describe', '--group', 'living', '--state'))
    expect(state[0]).toMatchObject({ GROUP: 'living', STATE: 'Empty', '#MEMBERS': '0' })
  })

  test('ConsumerGroupCommand resets, deletes offsets and deletes the group', async () => {
    await (await startMember('moved')).end('SIGTERM')
    const committed = async () => {
      const described = rows(await groups('--describe', '--group', 'moved'))
      const sorted = described.sort((a, b) => Number(a['PARTITION']) - Number(b['PARTITION']))
      return sorted.map(row => Number(row['CURRENT-OFFSET']))
    }
    const ends = await committed()
    expect(ends[0]! + ends[1]!).toBe(200)

    const dry = rows(await groups(...reset('moved', '--to-earliest'), '--dry-run'))
    expect(dry.map(row => row['NEW-OFFSET'])).toEqual(['0', '0'])
    expect(await committed(), 'a dry run moves nothing').toEqual(ends)
    await groups(...reset('moved', '--to-earliest'), '--execute')
    expect(await committed()).toEqual([0, 0])
    await groups(...reset('moved', '--shift-by', '7'), '--execute')
    expect(await committed()).toEqual([7, 7])
    await groups(...reset('moved', '--to-datetime', '2020-01-01T00:00:00.000'), '--execute')
    expect(await committed()).toEqual([0, 0])
    await groups(...reset('moved', '--to-datetime', '2090-01-01T00:00:00.000'), '--execute')
    expect(await committed()).toEqual(ends)
    const one = ['--reset-offsets', '--group', 'moved', '--topic', 'read:1', '--to-offset', '3']
    await groups(...one, '--execute')
    expect(await committed()).toEqual([ends[0], 3])

    const removal = ['--delete-offsets', '--group', 'moved', '--topic', 'read:0']
    expect(await groups(...removal)).toMatch(/read\s+0\s+Successful/)
    expect(await committed()).toEqual([3])
    expect(await groups('--delete', '--group', 'moved')).toContain('was successful')
    expect((await groups('--list')).split('\n')).not.toContain('moved')
    expect(await tryGroups('--describe', '--group', 'moved')).toMatch(/not found|does not exist/)
  })

  test('console consumer prints __consumer_offsets with its formatter', async () => {
    await (await startMember('formatted')).end('SIGTERM')
    const print = async (formatter: string) => {
      const args = [...to(), '--topic', '__consumer_offsets', '--from-beginning']
      const end = ['--timeout-ms', '4000', '--formatter']
      const formatted = `org.apache.kafka.tools.consumer.${formatter}`
      const result = await javaTool('consumer.ConsoleConsumer', [...args, ...end, formatted])
      // The formatter ends no line: the records stand back to back.
      return jsonLines(result.stdout.slice(result.stdout.indexOf('{')).replaceAll('}{', '}\n{'))
    }
    const offsets = (await print('OffsetsMessageFormatter')).filter(
      line => line.key.data.group === 'formatted' && line.value !== null,
    )
    const last = new Map(offsets.map(line => [line.key.data.partition, line.value.data.offset]))
    expect(new Set(last.keys())).toEqual(new Set([0, 1]))
    expect([...last.values()].reduce((sum, offset) => sum + offset, 0)).toBe(200)
    expect(offsets[0].key.data.topic).toBe('read')

    const records = await print('GroupMetadataMessageFormatter')
    const stable = records.find(
      line => line.key.data.group === 'formatted' && line.value?.data.members.length > 0,
    )
    expect(stable.value.data).toMatchObject({ protocolType: 'consumer', protocol: 'range' })
    expect(stable.value.data.members[0]).toMatchObject({ clientHost: '/127.0.0.1' })
  })
})

function to(): string[] {
  return ['--bootstrap-server', cluster.bootstrap]
}

/** A VerifiableConsumer that has read and committed everything that is there. */
async function startMember(group: string): Promise<RunningCommand> {
  const limits = ['--reset-policy', 'earliest', '--group-protocol', 'classic']
  const args = [...to(), '--topic', 'read', '--group-id', group, ...limits]
  const member = javaToolStart('VerifiableConsumer', args)
  for (let read = 0; read < 200;) {
    await member.line(/"name":"records_consumed"/)
    const counts = member.output().matchAll(/"records_consumed","count":(\d+)/g)
    read = [...counts].reduce((sum, [, count]) => sum + Number(count), 0)
    if (read < 200) await new Promise(resolve => setTimeout(resolve, 20))
  }
  await member.line(/"offsets_committed".*"success":true/)
  return member
}

function reset(group: string, ...how: string[]): string[] {
  return ['--reset-offsets', '--group', group, '--topic', 'read', ...how]
}

async function groups(...args: string[]): Promise<string> {
  const tool = 'consumer.group.ConsumerGroupCommand'
  return (await javaToolChecked(tool, [...to(), ...args])).stdout
}

/** Its words, whatever its status: the tool ends with 0 for some refusals. */
async function tryGroups(...args: string[]): Promise<string> {
  const result = await javaTool('consumer.group.ConsumerGroupCommand', [...to(), ...args])
  return result.stdout + result.stderr
}

/** The tool's table, by its header. */
function rows(text: string): Record<string, string>[] {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const start = lines.findIndex(line => line.startsWith('GROUP'))
  const header = lines[start]!.trim().split(/\s{1,}/)
  return lines.slice(start + 1).map(line => {
    const cells = line.trim().split(/\s+/)
    return Object.fromEntries(header.map((name, n) => [name, cells[n] ?? '']))
  })
}
