import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import type { ApplicationApi } from '../../src-main/contract/api.ts'
import type { InputOf } from '../../src-main/contract/define.ts'
import type { ExportSummary } from '../../src-main/contract/model/export.ts'
import { responseTarget } from '../../src-main/export/export-target.ts'
import { startWebServer } from '../../src-main/web/web-server.ts'
import { LOCAL, startSearched, type SearchedCluster } from './searched-cluster.ts'

type Start = InputOf<ApplicationApi, 'export.start'>
type Layout = Start['layout']

let given: SearchedCluster
let folder: string

const EXACT = '{"id": 9007199254740993,\n "price": 1.10}'
const values = [EXACT, 'text, with "quotes"\nand lines', null, '', new Uint8Array([0, 255, 1])]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-export-'))
  given = await startSearched()
  await given.create('things', 2)
  for (const partition of [1, 0])
    await given.produce('things', partition, {
      records: values.map((value, n) => ({
        timestampMs: 1_700_000_000_123n + BigInt(n),
        key: n === 0 ? null : Buffer.from(`k${n}`),
        value: typeof value === 'string' ? Buffer.from(value) : value,
        headers:
          n === 1
            ? [
                { key: 'h', value: Buffer.from('x') },
                { key: 'h', value: null },
              ]
            : [],
      })),
    })
  await given.create('many', 1)
  const big = Buffer.alloc(200, 'x')
  for (let batch = 0; batch < 400; batch++)
    await given.produce('many', 0, {
      records: Array.from({ length: 500 }, (_, n) => ({
        timestampMs: BigInt(n),
        key: Buffer.from(String(n)),
        value: big,
      })),
    })
})

afterAll(async () => {
  await given.close()
  rmSync(folder, { recursive: true, force: true })
})

const everything = {
  type: 'query',
  cluster: LOCAL,
  sources: [{ topic: 'things', partitions: null }],
  from: { type: 'oldest' },
  until: { type: 'now' },
  direction: 'forward',
  filter: {},
} as const
const plain: Layout = { format: 'ndjson', headers: true, metadata: true, content: 'decoded' }

function ended(exportId: string): Promise<ExportSummary> {
  return new Promise((resolve, reject) => {
    let last: ExportSummary | null = null
    given.page.stream(
      'export.watch',
      { exportId },
      {
        onItem: summary => void (last = summary),
        onEnd: problem =>
          problem === null ? resolve(last!) : reject(new TypeError(problem.message)),
      },
    )
  })
}

async function exported(layout: Partial<Layout>, what: Start['what'] = everything, name = 'out') {
  const { exportId } = await given.page.call('export.start', {
    what,
    layout: { ...plain, ...layout },
    target: 'file',
    fileName: name,
    folder,
  })
  const summary = await ended(exportId)
  const text = summary.file === null ? null : readFileSync(summary.file)
  if (summary.file !== null) rmSync(summary.file)
  return { summary, text: text?.toString('latin1') ?? null, bytes: text }
}

describe('an export', () => {
  test('as NDJSON holds every record in order, numbers as they are stored', async () => {
    const { summary, bytes } = await exported({})
    expect(summary).toMatchObject({ state: 'done', writtenRecords: 10n, problem: null })
    const lines = bytes!.toString().trimEnd().split('\n')
    expect(lines).toHaveLength(10)
    expect(lines[0]).toBe(
      '{"topic":"things","partition":0,"offset":0,"timestamp":"2023-11-14T22:13:20.123Z",' +
        '"timestampMs":1700000000123,"key":null,"value":{"id":9007199254740993,"price":1.10},"headers":[]}',
    )
    expect(JSON.parse(lines[1]!)).toMatchObject({
      value: 'text, with "quotes"\nand lines',
      headers: [
        { key: 'h', value: 'x' },
        { key: 'h', value: null },
      ],
    })
    expect(JSON.parse(lines[2]!)).toMatchObject({ value: null })
    expect(JSON.parse(lines[3]!)).toMatchObject({ value: '' })
    expect(JSON.parse(lines[4]!)).toMatchObject({ value: { base64: 'AP8B' } })
    expect(lines.map(line => (JSON.parse(line) as { partition: number }).partition)).toEqual([
      0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
    ])
  })

  test('as JSON is one document', async () => {
    const { text } = await exported({ format: 'json', metadata: false, headers: false })
    expect((JSON.parse(text!) as unknown[]).length).toBe(10)
  })

  test('that is read from the newest is one document too, the newest first', async () => {
    const what = { ...everything, direction: 'backward' } as const
    const { text } = await exported({ format: 'json', headers: false }, what)
    const places = (JSON.parse(text!) as { partition: number; offset: number }[]).map(
      ({ partition, offset }) => [partition, offset],
    )
    expect(places.filter(([partition]) => partition === 0).map(([, offset]) => offset)).toEqual([
      4, 3, 2, 1, 0,
    ])
    expect(places).toHaveLength(10)
  })

  test('as CSV tells null from empty, and is read back by a parser', async () => {
    const { text } = await exported({ format: 'csv' })
    const rows: string[][] = parse(text!)
    expect(rows[0]).toEqual([
      'topic',
      'partition',
      'offset',
      'timestamp',
      'key',
      'value',
      'headers',
    ])
    expect(rows).toHaveLength(11)
    expect(rows[1]![5]).toBe(EXACT)
    expect(rows[2]![5]).toBe('text, with "quotes"\nand lines')
    expect(text).toContain(',k2,,[]')
    expect(text).toContain(',k3,"",[]')
  })

  test('as raw values holds their bytes', async () => {
    const { bytes } = await exported({ format: 'raw', separator: 'nul' })
    const values0 = Buffer.concat([
      Buffer.from(`${EXACT}\0`),
      Buffer.from('text, with "quotes"\nand lines\0'),
      Buffer.from('\0'),
      Buffer.from([0, 255, 1, 0]),
    ])
    expect(bytes).toEqual(Buffer.concat([values0, values0]))
  })

  test('of chosen records holds those', async () => {
    const places = [
      { topic: 'things', partition: 1, offset: 4n },
      { topic: 'things', partition: 0, offset: 1n },
      { topic: 'things', partition: 0, offset: 3n },
    ]
    const { text } = await exported(
      { content: 'base64' },
      { type: 'records', cluster: LOCAL, places },
    )
    const lines = text!
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines.map(({ partition, offset }) => [partition, offset])).toEqual([
      [0, 1],
      [0, 3],
      [1, 4],
    ])
    expect(lines[2]!['value']).toBe('AP8B')
  })

  test('never overwrites: it takes another name', async () => {
    writeFileSync(join(folder, 'kept.ndjson'), 'mine')
    const { summary } = await exported({}, everything, 'kept.ndjson')
    expect(summary.file).toBe(join(folder, 'kept (2).ndjson'))
    expect(readFileSync(join(folder, 'kept.ndjson'), 'utf8')).toBe('mine')
  })

  test('that is stopped leaves nothing', async () => {
    const what = { ...everything, sources: [{ topic: 'many', partitions: null }] }
    const { exportId } = await given.page.call('export.start', {
      what,
      layout: plain,
      target: 'file',
      fileName: 'stopped',
      folder,
    })
    const stopped = await given.page.call('export.stop', { exportId })
    expect(stopped).toMatchObject({ state: 'stopped', file: null })
    expect(readdirSync(folder).filter(name => name.includes('stopped'))).toEqual([])
  })

  test('into a folder that is none says so', async () => {
    const start = { what: everything, layout: plain, target: 'file', fileName: 'x' } as const
    await expect(
      given.page.call('export.start', { ...start, folder: join(folder, 'kept.ndjson', 'deep') }),
    ).rejects.toMatchObject({ problem: { code: 'UNREACHABLE' } })
    await expect(
      given.page.call('export.start', { ...start, fileName: '../x' }),
    ).rejects.toMatchObject({ problem: { code: 'INVALID_INPUT' } })
  })
})

test('a browser downloads an export once, with the token alone', async () => {
  const server = await startWebServer({
    folder,
    port: 0,
    token: 'secret',
    serveFrames: () => {},
    download: (exportId, response) =>
      given.server.download(exportId, fileName => responseTarget(response, fileName)),
  })
  const what = { ...everything, sources: [{ topic: 'many', partitions: null }] }
  const layout = { ...plain, metadata: false, headers: false }
  const start = { what, layout, target: 'download', fileName: 'many.ndjson' } as const
  const { downloadPath, state } = await given.page.call('export.start', start)
  expect(state).toBe('ready')
  const at = (token: string) => `http://127.0.0.1:${server.port}${downloadPath}?token=${token}`
  expect((await fetched(at('wrong'))).status).toBe(401)
  const { status, text } = await fetched(at('secret'))
  expect(status).toBe(200)
  expect(text.trimEnd().split('\n')).toHaveLength(200_000)
  expect((await fetched(at('secret'))).status).toBe(404)
  await server.close()
})

function fetched(url: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, response => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}
