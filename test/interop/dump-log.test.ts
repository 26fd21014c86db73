/** Apache Kafka's own reader of log folders, over every file that the cluster wrote. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startClusterUnderTest } from './cluster-under-test.ts'
import type { RunningCluster } from './running-cluster.ts'
import { go } from './setup/go.ts'
import { java } from './setup/java.ts'
import { createTopic, goRun, javaToolChecked } from './tools.ts'

const found = (await java.find()) && (await go.find())
const complaint =
  /mismatch|is followed by|corrupt|not found|isvalid: false|exception|could not|larger than/i
let data: string
let folders: readonly string[]

describe.skipIf(!found)('DumpLogSegments', () => {
  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'dump-log-'))
    const cluster = await startClusterUnderTest({ dataFolder: data })
    try {
      await write(cluster)
      folders = cluster.logFolders
    } finally {
      await cluster.stop()
    }
  })
  afterAll(() => {
    rmSync(data, { recursive: true, force: true })
  })

  test('reads every batch and record of every codec without a complaint', async () => {
    const logs = filesOf('dumped-0', '.log')
    expect(logs.length, 'several segments').toBeGreaterThan(2)
    const { stdout, stderr } = await dump(
      '--deep-iteration',
      '--print-data-log',
      '--files',
      ...commaJoined(logs),
    )
    expect(complaintsIn(stdout + stderr)).toEqual([])
    const codecs = stdout.matchAll(/compresscodec: (\w+)/g)
    const written = new Set([...codecs].map(([, codec]) => codec))
    expect(written).toEqual(new Set(['gzip', 'lz4', 'none', 'snappy', 'zstd']))
    const payloads = new Set([...stdout.matchAll(/payload: (\w+-\d+)-/g)].map(match => match[1]))
    expect(payloads.size).toBe(5 * 400)
    const offsets = [...stdout.matchAll(/^\| offset: (\d+)/gm)].map(match => Number(match[1]))
    expect(offsets).toEqual(Array.from({ length: 5 * 400 }, (_, n) => n))
  })

  test('finds the offset and time indexes sane', async () => {
    const indexes = [...filesOf('dumped-0', '.index'), ...filesOf('dumped-0', '.timeindex')]
    expect(indexes.length).toBeGreaterThan(4)
    const sane = await dump('--index-sanity-check', '--files', ...commaJoined(indexes))
    expect(complaintsIn(sane.stdout + sane.stderr)).toEqual([])
    const passed = [...sane.stdout.matchAll(/^(.+) passed sanity check/gm)].map(match => match[1])
    expect(passed).toEqual(indexes.filter(path => statSync(path).size > 0))

    const verified = await dump('--files', ...commaJoined(indexes))
    expect(complaintsIn(verified.stdout + verified.stderr)).toEqual([])
    expect(verified.stdout).toMatch(/^offset: \d+ position: \d+$/m)
    expect(verified.stdout).toMatch(/^timestamp: \d+ offset: \d+$/m)
  })

  test('reads the producer snapshots', async () => {
    const snapshots = filesOf('dumped-0', '.snapshot')
    expect(snapshots.length).toBeGreaterThan(0)
    const { stdout, stderr } = await dump('--files', ...commaJoined(snapshots))
    expect(complaintsIn(stdout + stderr)).toEqual([])
    expect(stdout).toMatch(/producerId: \d+ producerEpoch: 0 .*lastSequence|producerId: \d+/)
  })

  test('decodes the records of __consumer_offsets', async () => {
    const logs = folders
      .flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
      .filter(path => /__consumer_offsets-\d+$/.test(path))
      .flatMap(path => filesIn(path, '.log'))
    const { stdout, stderr } = await dump('--offsets-decoder', '--files', ...commaJoined(logs))
    expect(complaintsIn(stdout + stderr)).toEqual([])
    expect(stdout).toMatch(
      /"type":"1","data":\{"group":"dump-group","topic":"dumped","partition":0\}/,
    )
    expect(stdout).toMatch(/"type":"2","data":\{"group":"dump-group"\}/)
    expect(stdout).toMatch(/"protocolType":"consumer","generation":1,"protocol":/)
  })

  test('decodes the metadata log', async () => {
    const logs = readdirSync(data, { recursive: true, encoding: 'utf8' })
      .filter(name => /__cluster_metadata-0[\\/]\d+\.log$/.test(name))
      .map(name => join(data, name))
    expect(logs.length).toBeGreaterThan(0)
    const { stdout, stderr } = await dump('--cluster-metadata-decoder', '--files', logs[0]!)
    expect(complaintsIn(stdout + stderr)).toEqual([])
    expect(stdout).toMatch(/"type":"TOPIC_RECORD","version":0,"data":\{"name":"dumped"/)
    expect(stdout).toMatch(/"type":"PARTITION_RECORD"/)
    expect(stdout).toMatch(/"type":"CONFIG_RECORD".*"name":"segment.bytes"/)
    expect(stdout).toMatch(/"type":"REGISTER_BROKER_RECORD"/)
  })
})

async function write(cluster: RunningCluster): Promise<void> {
  // An index with room for three entries rolls a segment after two batches.
  const configs = { 'segment.index.bytes': '24', 'index.interval.bytes': '512' }
  await createTopic(cluster, 'dumped', { configs })
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    await goRun(['kgo-produce', cluster.bootstrap, 'dumped', '400', codec])
  await goRun(['sarama-group', cluster.bootstrap, 'dumped', 'dump-group', '2000'])
}

function complaintsIn(text: string): string[] {
  // The tool says "-1 is followed by 800" of every segment that does not start at 0.
  const fair = text.split('\n').filter(line => !/^ +-1 is followed by \d+$/.test(line))
  const lines = fair.filter(line => complaint.test(line))
  return lines.map(line => line.slice(0, 300))
}

function dump(...args: string[]) {
  return javaToolChecked('DumpLogSegments', args)
}

/** The tool takes one argument with commas. */
function commaJoined(files: readonly string[]): string[] {
  return [files.join(',')]
}

function filesOf(topicPartition: string, extension: string): string[] {
  return folders.flatMap(folder => filesIn(join(folder, topicPartition), extension))
}

function filesIn(folder: string, extension: string): string[] {
  try {
    const names = readdirSync(folder).filter(name => name.endsWith(extension))
    return names.sort().map(name => join(folder, name))
  } catch {
    // Only one of the brokers has the partition.
    return []
  }
}
