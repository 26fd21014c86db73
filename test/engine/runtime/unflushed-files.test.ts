import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ALL_FLUSHED, UnflushedFiles } from '../../../engine/runtime/unflushed-files.ts'

const root = '/data'
const listOf = (files: UnflushedFiles) =>
  Object.fromEntries(files.all().map(({ path, flushedBytes }) => [path, flushedBytes]))

test('what is not flushed is read from the memory by who comes after, and goes on there', () => {
  const memory = UnflushedFiles.newMemory()
  const first = new UnflushedFiles(memory, root)
  first.set('/data/broker-1/a-0/1.log', 10)
  first.set('/data/broker-1/a-0/1.index', 0)
  first.set('/data/broker-1/a-0/1.index', ALL_FLUSHED)
  const second = new UnflushedFiles(memory, root)
  expect(listOf(second)).toEqual({ 'broker-1/a-0/1.log': 10 })
  expect(second.flushedBytes('/data/broker-1/a-0/1.log')).toBe(10)
  expect(second.flushedBytes('/data/broker-1/a-0/1.index')).toBe(ALL_FLUSHED)
  second.lower('/data/broker-1/a-0/1.log', 12)
  second.lower('/data/broker-1/a-0/2.log', 3)
  expect(listOf(second)).toEqual({ 'broker-1/a-0/1.log': 10, 'broker-1/a-0/2.log': 3 })
})

test('a folder that is renamed takes its files along, and one that is removed takes them away', () => {
  const files = new UnflushedFiles(UnflushedFiles.newMemory(), root)
  files.set('/data/b/t-0/1.log', 1)
  files.set('/data/b/t-0/1.index', 2)
  files.set('/data/b/t-1/1.log', 3)
  files.renamed('/data/b/t-0', '/data/b/t-0.gone')
  expect(listOf(files)).toEqual({
    'b/t-0.gone/1.log': 1,
    'b/t-0.gone/1.index': 2,
    'b/t-1/1.log': 3,
  })
  files.removed('/data/b/t-0.gone')
  expect(listOf(files)).toEqual({ 'b/t-1/1.log': 3 })
})

test('a flushed file that takes the name of an unflushed one is flushed', () => {
  const files = new UnflushedFiles(UnflushedFiles.newMemory(), root)
  files.set('/data/b/new', 7)
  files.renamed('/data/b/flushed', '/data/b/new')
  expect(listOf(files)).toEqual({})
})

test('the memory is used again, and says when it does not suffice', () => {
  const memory = UnflushedFiles.newMemory()
  const files = new UnflushedFiles(memory, root)
  for (let n = 0; n < 30_000; n++) {
    files.set(`/data/b/t-${n}/00000000000000000000.log`, n)
    if (n >= 10) files.set(`/data/b/t-${n - 10}/00000000000000000000.log`, ALL_FLUSHED)
  }
  expect(memory.byteLength).toBe(64 * 1024)
  expect(files.complete).toBe(true)
  for (let n = 0; n < 20_000; n++) files.set(`/data/b/${'x'.repeat(4_000)}-${n}/1.log`, 0)
  expect(files.complete).toBe(false)
  expect(new UnflushedFiles(memory, root).complete).toBe(false)
})

test('it says of each file what a plain table would', () => {
  const name = fc.constantFrom('a', 'b', 'c'.repeat(100), 'd'.repeat(230), 'é')
  const folder = fc.constantFrom('t-0', 't-1', 'long'.repeat(40))
  const move = fc.oneof(
    fc.tuple(fc.constant('set' as const), folder, name, fc.nat(1_000)),
    fc.tuple(fc.constant('lower' as const), folder, name, fc.nat(1_000)),
    fc.tuple(fc.constant('flush' as const), folder, name, fc.constant(0)),
    fc.tuple(fc.constant('remove' as const), folder, name, fc.constant(0)),
    fc.tuple(fc.constant('restart' as const), folder, name, fc.constant(0)),
  )
  fc.assert(
    fc.property(fc.array(move, { maxLength: 200 }), moves => {
      const memory = UnflushedFiles.newMemory()
      let files = new UnflushedFiles(memory, root)
      const table = new Map<string, number>()
      for (const [kind, inFolder, file, bytes] of moves) {
        const below = `b/${inFolder}/${file}`
        const path = `${root}/${below}`
        if (kind === 'set') table.set(below, bytes)
        if (kind === 'set') files.set(path, bytes)
        if (kind === 'lower') table.set(below, Math.min(table.get(below) ?? Infinity, bytes))
        if (kind === 'lower') files.lower(path, bytes)
        if (kind === 'flush' || kind === 'remove') table.delete(below)
        if (kind === 'flush') files.set(path, ALL_FLUSHED)
        if (kind === 'remove') files.removed(path)
        if (kind === 'restart') files = new UnflushedFiles(memory, root)
      }
      expect(listOf(files)).toEqual(Object.fromEntries(table))
      expect(listOf(new UnflushedFiles(memory, root))).toEqual(Object.fromEntries(table))
    }),
  )
})
