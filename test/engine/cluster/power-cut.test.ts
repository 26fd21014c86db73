import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { dropUnflushed } from '../../../engine/cluster/power-cut.ts'
import type { Disk } from '../../../engine/ports/disk.ts'
import { NodeDisk } from '../../../engine/runtime/node-disk.ts'
import { UnflushedFiles } from '../../../engine/runtime/unflushed-files.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'

const base = mkdtempSync(join(tmpdir(), 'odradek-power-'))
afterAll(() => rmSync(base, { recursive: true }))
let made = 0

interface World {
  readonly root: string
  readonly memory: SharedArrayBuffer
  readonly disk: NodeDisk
}

function newWorld(): World {
  const root = join(base, `world-${made++}`)
  mkdirSync(root)
  const memory = UnflushedFiles.newMemory()
  const disk = new NodeDisk({ unflushed: new UnflushedFiles(memory, root), syncs: false })
  return { root, memory, disk }
}

const folders = ['t-0', 't-1', 't-1.gone'] as const
const names = ['1.log', '2.log', 'checkpoint'] as const
const place = fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...names))
const move = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('append'), place, fc.nat(300)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('flush'), place, fc.constant(0)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('cut'), place, fc.nat(400)) },
  fc.tuple(fc.constant('replace'), place, fc.nat(300)),
  fc.tuple(fc.constant('replace-durably'), place, fc.nat(300)),
  fc.tuple(fc.constant('remove'), place, fc.constant(0)),
  fc.tuple(fc.constant('rename-file'), place, fc.nat(2)),
  fc.tuple(fc.constant('rename-folder'), place, fc.constant(0)),
  fc.tuple(fc.constant('reopen'), place, fc.constant(0)),
)
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never

test('a cut takes of the real files what the simulator takes of its own', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 60 }), async moves => {
      const world = newWorld()
      const simulated = new MemoryDisk()
      apply(world.disk, world.root, moves)
      apply(simulated, world.root, moves)
      const dropped = await dropUnflushed(world, {})
      const after = simulated.afterPowerCut()
      expect(contentsOf(world.root)).toEqual(
        Object.fromEntries(
          [...after.files].map(([path, { bytes, size }]) => {
            return [path.slice(world.root.length + 1), hex(bytes.subarray(0, size))]
          }),
        ),
      )
      expect(dropped.droppedBytes).toBe(simulated.usedBytes - after.usedBytes)
      // What is left is flushed: another cut takes nothing.
      expect((await dropUnflushed(world, {})).droppedFileCount).toBe(0)
    }),
    { numRuns: 150 },
  )
})

test('a seed leaves the same parts of the tails again, and never takes what was flushed', async () => {
  const cutWith = async (tornTailSeed: number) => {
    const world = newWorld()
    for (let n = 0; n < 20; n++) {
      const file = world.disk.open(`${world.root}/${n}.log`)
      file.write(Buffer.alloc(100, 1), 0)
      file.flush()
      file.write(Buffer.alloc(1_000, 2), 100)
      file.close()
    }
    await dropUnflushed(world, { tornTailSeed })
    return Object.values(contentsOf(world.root)).map(content => content.length / 2)
  }
  const sizes = await cutWith(7)
  expect(await cutWith(7)).toEqual(sizes)
  expect(await cutWith(8)).not.toEqual(sizes)
  expect(Math.min(...sizes)).toBe(100)
  expect(Math.max(...sizes)).toBe(1_100)
  expect(new Set(sizes).size).toBeGreaterThan(5)
})

test('a file that a thread was ended over is no obstacle', async () => {
  const { root, memory, disk } = newWorld()
  disk.unflushed?.set(`${root}/t-0/never-made`, 0)
  writeFileSync(join(root, 'shorter'), 'abc')
  disk.unflushed?.set(`${root}/shorter`, 5)
  const cut = await dropUnflushed({ memory, root }, {})
  expect(cut).toEqual({ droppedBytes: 0, droppedFileCount: 0, files: [] })
})

test('it names the files that lost most, and counts the others', async () => {
  const world = newWorld()
  for (let n = 0; n < 120; n++) world.disk.open(`${world.root}/${n}`).write(Buffer.alloc(n + 1), 0)
  const { droppedFileCount, droppedBytes, files } = await dropUnflushed(world, {})
  expect({ droppedFileCount, droppedBytes }).toEqual({ droppedFileCount: 120, droppedBytes: 7_260 })
  expect(files).toHaveLength(100)
  expect(files[0]).toEqual({ path: '119', keptBytes: 0, droppedBytes: 120 })
})

/** Both disks get the same moves; files only grow at their end, as the log's do. */
function apply(disk: Disk, root: string, moves: readonly Move[]): void {
  for (const folder of folders.slice(0, 2)) disk.makeFolder(`${root}/${folder}`)
  for (const [index, [kind, [folder, name], amount]] of moves.entries()) {
    const inFolder = `${root}/${folder}`
    const path = `${inFolder}/${name}`
    if (disk.list(inFolder) === null) continue
    const bytes = Buffer.alloc(amount, index + 1)
    if (kind === 'remove') disk.remove(path)
    else if (kind === 'replace') disk.writeFileAtomically(path, bytes, { durable: false })
    else if (kind === 'replace-durably') disk.writeFileAtomically(path, bytes)
    else if (kind === 'rename-file') {
      const to = `${inFolder}/${names[amount]!}`
      if (disk.exists(path) && to !== path) disk.rename(path, to)
    } else if (kind === 'rename-folder') {
      if (folder !== 't-1' || disk.list(`${root}/t-1.gone`) !== null) continue
      disk.rename(inFolder, `${root}/t-1.gone`)
    } else {
      const file = disk.open(path)
      if (kind === 'append') {
        const half = amount >> 1
        file.write(bytes.subarray(0, half), file.sizeBytes())
        file.write(bytes.subarray(half), file.sizeBytes())
      }
      if (kind === 'flush') file.flush()
      if (kind === 'cut' && amount < file.sizeBytes()) file.truncate(amount)
      file.close()
    }
  }
}

function contentsOf(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [path.slice(root.length + 1), hex(readFileSync(path))]),
  )
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
