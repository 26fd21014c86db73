import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import kafkajs from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findInstance } from '../../src-main/application/instance.ts'
import { startApplication, type Application } from '../../src-main/application/start-application.ts'
import { reportCluster } from '../../src-main/cli/cluster-report.ts'
import { reportText } from '../../src-main/cli/report-text.ts'
import { askControl, readStatus } from '../../src-main/control/control-client.ts'
import { powerCutText } from '../../src-main/cli/power-cut.ts'
import type { NodePowerCut, NodeStatus } from '../../src-main/control/control-model.ts'
import { keepsOldRecords } from './old-records.ts'

const { Kafka, logLevel, CompressionTypes } = kafkajs

let dataFolder: string
let application: Application

beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'odradek-control-'))
  const result = await startApplication({
    surface: 'headless',
    brokers: 2,
    kafkaPort: 0,
    webPort: null,
    dataFolder,
    ephemeral: false,
    sample: false,
    // What was killed is registered again once its session has ended.
    configs: {
      ...keepsOldRecords,
      'broker.session.timeout.ms': '2500',
      'broker.heartbeat.interval.ms': '300',
    },
  })
  if (result.type !== 'started') throw new Error('nobody else uses a new folder')
  application = result.application
})

afterAll(async () => {
  await application.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

describe('the control address', () => {
  test('is in the instance file with its token, and nowhere else', async () => {
    const instance = await findInstance(dataFolder)
    expect(instance?.control).toEqual(application.control)
    expect(readFileSync(join(dataFolder, 'instance.json'), 'utf8')).toContain(
      application.control.token,
    )
  })

  test('answers nobody without the token, from another host or another origin', async () => {
    const bearer = { Authorization: `Bearer ${application.control.token}` }
    expect((await get('/status', {})).status).toBe(401)
    expect((await get('/status', { Authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await get('/status', { Authorization: application.control.token })).status).toBe(401)
    expect((await get('/status', { ...bearer, Host: 'attacker.example' })).status).toBe(403)
    expect((await get('/status', { ...bearer, Origin: 'http://attacker.example' })).status).toBe(
      403,
    )
    expect((await get('/status', bearer)).status).toBe(200)
  })

  test('says which paths and methods there are not', async () => {
    const bearer = { Authorization: `Bearer ${application.control.token}` }
    expect((await get('/nothing', bearer)).status).toBe(404)
    expect((await get('/brokers/1/explode', bearer)).status).toBe(404)
    expect((await get('/brokers/1/kill', bearer)).status).toBe(405)
    expect((await get('/%', bearer)).status).toBe(404)
  })

  test('kills and starts brokers, and refuses in words', async () => {
    const act = (path: string) => askControl<NodeStatus>(application.control, 'POST', path)
    expect(await act('/brokers/2/kill')).toMatchObject({ id: 2, state: 'killed' })
    await expect(act('/brokers/2/kill')).rejects.toThrow('broker 2 is already killed')
    await expect(act('/brokers/9/kill')).rejects.toThrow('no broker is 9: this cluster has 1, 2')
    await expect(act('/controllers/1/stop')).rejects.toThrow('no controller is 1')

    const status = await readStatus(application.control)
    expect(status.brokers).toMatchObject([
      { id: 1, state: 'running' },
      { id: 2, state: 'killed', brokerEpoch: null },
    ])
    expect(await act('/brokers/2/start')).toMatchObject({ id: 2, state: 'running' })
    // Found by its control address also when no broker is there to be found by.
    for (const id of [1, 2]) await act(`/brokers/${id}/kill`)
    expect((await findInstance(dataFolder))?.control).toEqual(application.control)
    for (const id of [1, 2]) await act(`/brokers/${id}/start`)
  })

  test('cuts the power of one broker and of all, and says what that took', async () => {
    await producing('cut', [{ value: 'a' }])
    const cut = (path: string) =>
      askControl<readonly NodePowerCut[]>(application.control, 'POST', path)
    const [taken] = await cut('/brokers/2/power-cut?tornTailSeed=7')
    expect(taken).toMatchObject({ node: 'broker 2', id: 2, roles: ['broker'] })
    expect((await readStatus(application.control)).brokers[1]).toMatchObject({ state: 'killed' })
    await expect(cut('/brokers/9/power-cut')).rejects.toThrow('no broker is 9')
    await expect(cut('/brokers/1/power-cut?tornTailSeed=x')).rejects.toThrow('seed x: no number')

    const all = await cut('/power-cut')
    expect(all.map(({ node }) => node).sort()).toEqual([
      'broker 1',
      'broker 2',
      'controller 3000',
      'controller 3001',
      'controller 3002',
    ])
    expect(powerCutText(all)).toMatch(/^controller 3000 lost its power, and /m)
    // Broker 2 was down before, and stays so.
    const { brokers, controllers } = await readStatus(application.control)
    expect(brokers.map(({ state }) => state)).toEqual(['running', 'killed'])
    expect(new Set(controllers.map(({ state }) => state))).toEqual(new Set(['running']))
    await askControl(application.control, 'POST', '/brokers/2/start')
  })

  test('adds a controller to the quorum, and removes one from it', async () => {
    const ask = (path: string) => askControl<NodeStatus>(application.control, 'POST', path)
    expect(await ask('/controllers')).toMatchObject({ id: 3003, state: 'running', failure: null })
    const voters = async () => {
      const { quorum } = await reportCluster(await readStatus(application.control))
      return quorum?.voters.map(({ replicaId }) => replicaId)
    }
    await vi.waitFor(async () => expect(await voters()).toEqual([3000, 3001, 3002, 3003]), 10_000)
    expect(await ask('/controllers/3003/remove')).toHaveLength(3)
    await vi.waitFor(async () => expect(await voters()).toEqual([3000, 3001, 3002]), 10_000)
    await expect(ask('/controllers/3003/remove')).rejects.toThrow('no controller is 3003')
    await expect(ask('/brokers/1/remove')).rejects.toThrow('nothing is at')
  })

  test('is asked by the report, which names partitions without a leader', async () => {
    await producing('reported', [{ value: 'a' }])
    const act = (path: string) => askControl<NodeStatus>(application.control, 'POST', path)
    const report = async () => reportCluster(await readStatus(application.control))
    // Whichever broker is asked tells what it has read of the metadata log by then.
    const before = await vi.waitFor(async () => {
      const told = await report()
      expect(told.brokers.map(({ fenced }) => fenced)).toEqual([false, false])
      return told
    }, 10_000)
    const [partition] = before.partitions!.filter(({ topic }) => topic === 'reported')
    expect(partition).toMatchObject({ partition: 0, isr: partition!.replicas })
    const leads = before.brokers.find(({ id }) => id === partition!.leader)!.leaders
    expect(leads).toBeGreaterThan(0)

    await act(`/brokers/${partition!.leader}/stop`)
    const after = await vi.waitFor(async () => {
      const told = await report()
      expect(told.partitions!.find(({ topic }) => topic === 'reported')).toMatchObject({
        leader: -1,
        leaderEpoch: partition!.leaderEpoch + 1,
        offlineReplicas: partition!.replicas,
      })
      return told
    }, 10_000)
    const text = reportText(after)
    expect(text).toMatch(/^reported-0 +none/m)
    expect(text).toMatch(new RegExp(`^${partition!.leader} +stopped`, 'm'))
    await act(`/brokers/${partition!.leader}/start`)
  })
})

describe('a record over HTTP', () => {
  const path = '/clusters/local/topics/shell/partitions/0/offsets'
  const large = Buffer.alloc(9_000_000, 'abcdefgh')

  beforeAll(() =>
    producing('shell', [
      {
        key: 'k-1',
        value: '{"id":9007199254740993}',
        headers: { plain: 'täxt', binary: Buffer.from([0, 255]) },
        timestamp: '1763733600000',
      },
      { key: Buffer.from([255]), value: null },
      { value: large },
    ]),
  )

  test('is JSON with text as text, bytes as base64, and every digit', async () => {
    const { status, text } = await ask(`${path}/0`)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      topic: 'shell',
      partition: 0,
      offset: 0,
      timestamp: 1763733600000,
      timestampType: 'create',
      leaderEpoch: expect.any(Number),
      key: 'k-1',
      value: '{"id":9007199254740993}',
      headers: [
        { key: 'plain', value: 'täxt' },
        { key: 'binary', value: { $base64: 'AP8=' } },
      ],
    })
    expect(JSON.parse((await ask(`${path}/1`)).text)).toMatchObject({
      key: { $base64: '/w==' },
      value: null,
    })
  })

  test('gives the very bytes of a part, whatever their number', async () => {
    expect((await ask(`${path}/0?part=key`)).text).toBe('k-1')
    expect((await ask(`${path}/0?part=header&index=1`)).bytes).toEqual(Buffer.from([0, 255]))
    const { bytes, status } = await ask(`${path}/2?part=value`)
    expect(status).toBe(200)
    expect(bytes.equals(large)).toBe(true)
    expect(JSON.parse((await ask(`${path}/2`)).text)).toMatchObject({ value: large.toString() })
  })

  test.each([
    [`${path}/3`, 404, 'shell-0 offset 3 holds no record'],
    [`${path}/1?part=value`, 404, 'has no value'],
    [`${path}/0?part=header&index=2`, 404, 'has no header'],
    ['/clusters/other/topics/shell/partitions/0/offsets/0', 404, 'no cluster is other'],
    ['/clusters/local/topics/none/partitions/0/offsets/0', 404, 'UNKNOWN_TOPIC_OR_PARTITION'],
    [`${path}/x`, 400, 'offset x: a whole number is needed'],
    [`${path}/99999999999999999999`, 400, 'a whole number is needed'],
    ['/clusters/local/topics/shell/partitions/-1/offsets/0', 400, 'partition -1'],
    [`${path}/0?part=tail`, 400, 'key, value, header or batch is needed'],
  ])('%s is answered with %i', async (where, status, words) => {
    const answer = await ask(where)
    expect(answer.text).toContain(words)
    expect(answer.status).toBe(status)
  })
})

interface Answered {
  readonly status: number
  readonly bytes: Buffer
  readonly text: string
}

/** Not fetch, which sends no Host and no Origin of one's own. */
function get(path: string, headers: Record<string, string>): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(`${application.control.url}${path}`, { headers }, response => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const bytes = Buffer.concat(pieces)
        resolve({ status: response.statusCode ?? 0, bytes, text: bytes.toString() })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}

function ask(path: string): Promise<Answered> {
  return get(path, { Authorization: `Bearer ${application.control.token}` })
}

async function producing(topic: string, messages: kafkajs.Message[]): Promise<void> {
  const kafka = new Kafka({
    brokers: application.bootstrap.split(','),
    logLevel: logLevel.NOTHING,
  })
  const admin = kafka.admin()
  await admin.connect()
  const configEntries = [{ name: 'max.message.bytes', value: '20000000' }]
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] })
  await admin.disconnect()
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic, messages, compression: CompressionTypes.None })
  await producer.disconnect()
}
