import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApplicationClient } from '../../../../src-main/contract/api.ts'
import { ContractError } from '../../../../src-main/contract/define.ts'
import type { RecordRow } from '../../../../src-main/contract/model/record.ts'
import type { RowLook, SearchProgress } from '../../../../src-main/contract/model/search.ts'
import { SearchRun } from '../../../../src-renderer/features/messages/search/search-run.ts'

const decoders = { key: 'auto', value: 'auto' } as const
const plain: RowLook = { fields: [], decoders }
const status: RowLook = { fields: [{ part: 'value', path: 'status' }], decoders }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function row(offset: number, fields: RecordRow['fields'] = []): RecordRow {
  return { topic: 'orders', partition: 0, offset: BigInt(offset), fields } as RecordRow
}

/** A search that has found the offsets from 0 on, as the application answers for it. */
function given(kept: number) {
  const places: bigint[][] = []
  const trouble = { left: 0 }
  let tell: (progress: SearchProgress) => void = () => {}
  const answers = {
    'search.rows': ({ from, limit }: { from: number; limit: number }) => ({
      rows: Array.from({ length: Math.min(limit, kept - from) }, (_, i) => row(from + i)),
      from,
      kept,
      version: 1,
      look: plain,
    }),
    'record.rows': (input: { places: readonly { offset: bigint }[] }) => {
      places.push(input.places.map(({ offset }) => offset))
      if (trouble.left-- > 0)
        throw new ContractError({ code: 'LEADER_NOT_AVAILABLE', message: 'orders-0' })
      return input.places.map(({ offset }) => row(Number(offset), [`status ${offset}`]))
    },
  }
  const client = {
    call: async (name: keyof typeof answers, input: never) => answers[name](input),
    stream(_: string, _input: unknown, reader: { onItem(progress: SearchProgress): void }) {
      tell = progress => reader.onItem(progress)
      return () => undefined
    },
  }
  const run = new SearchRun({
    client: client as unknown as ApplicationClient,
    cluster: 'local',
    searchId: 'search-1',
    order: 'found',
    live: false,
    look: plain,
    keyOf: ({ offset }) => `0:${offset}`,
  })
  run.open()
  return { run, places, trouble, progress: () => tell({ kept } as SearchProgress) }
}

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
}

test('rows that come into view at the moment they are found are read', async () => {
  const { run, progress } = given(86)
  run.show(0, 0)
  // The table draws what was told before the telling is over, and says what it shows.
  run.subscribe(() => queueMicrotask(() => run.show(0, Math.min(20, run.snapshot().rows.count))))
  progress()
  await settled()
  expect(run.snapshot().rows.at(0)).toEqual(row(0))
})

test('a column that is added later is read for the rows round the screen alone, and once', async () => {
  const { run, places, progress } = given(150)
  run.show(40, 44)
  progress()
  await settled()
  expect(places).toEqual([])
  run.setLook(status)
  expect(run.snapshot().rows.at(40)).toMatchObject({ fields: [undefined] })
  await settled()
  // Those that are nearly on screen, too.
  expect(places).toEqual([Array.from({ length: 44 }, (_, place) => BigInt(20 + place))])
  expect(run.snapshot().rows.at(40)).toMatchObject({ offset: 40n, fields: ['status 40'] })
  run.show(42, 46)
  await settled()
  expect(places.slice(1)).toEqual([[64n, 65n]])
  run.setLook(plain)
  await settled()
  expect(run.snapshot().rows.at(12)).toEqual(row(12))
  expect(places).toHaveLength(2)
})

test('a column whose broker is away is told, and read when the broker is back', async () => {
  const { run, places, trouble, progress } = given(3)
  progress()
  await settled()
  trouble.left = 2
  run.setLook(status)
  await settled()
  expect(run.snapshot()).toMatchObject({
    problem: null,
    redrawProblem: { code: 'LEADER_NOT_AVAILABLE' },
  })
  await vi.advanceTimersByTimeAsync(5_000)
  expect(run.snapshot().redrawProblem).toBeNull()
  expect(run.snapshot().rows.at(2)).toMatchObject({ fields: ['status 2'] })
  expect(places).toHaveLength(3)
})
