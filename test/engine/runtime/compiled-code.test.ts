import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odradek-compiled-'))
  file = join(folder, 'code.cjs')
  writeFileSync(file, codeThatSays('one'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a file runs, and what was compiled of it is kept for the next run', () => {
  expect(run('1')).toBe('one true')
  const [first] = kept()
  const bytes = readFileSync(first!)
  expect(run('1')).toBe('one true')
  expect(kept()).toEqual([first])
  expect(readFileSync(first!)).toEqual(bytes)
})

test('another version of the file is compiled anew, though its length is the same', () => {
  run('1')
  writeFileSync(file, codeThatSays('two'))
  expect(run('2')).toBe('two true')
  expect(kept()).toHaveLength(2)
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['empty', () => Buffer.alloc(0)],
  ['zeroes after its head', (bytes: Buffer) => Buffer.from(bytes).fill(0, 200)],
  ['whole, and of another V8', ofAnotherV8],
])('what was kept is replaced when it is %s', (_, damage) => {
  run('1')
  const [first] = kept()
  writeFileSync(first!, damage(readFileSync(first!)))
  const damaged = readFileSync(first!)
  expect(run('1')).toBe('one true')
  expect(readFileSync(first!)).not.toEqual(damaged)
})

test('a file that can keep nothing beside it runs all the same', () => {
  run('1')
  // A folder under the name stands for every reason, also where the tests may write everywhere.
  const [first] = kept()
  rmSync(first!)
  mkdirSync(join(first!, 'in the way'), { recursive: true })
  expect(run('1')).toBe('one true')
  expect(readdirSync(folder).toSorted()).toEqual(['code.cjs', basename(first!)])
})

function codeThatSays(word: string): string {
  return `(function (require, __filename, __dirname) {
    function say() { return '${word} ' + (require('node:path').dirname(__filename) === __dirname) }
    console.log(say())
  })`
}

/** In a process of its own: what is compiled is kept when that ends. */
function run(version: string): string {
  const address = JSON.stringify(resolve('engine/runtime/compiled-code.ts'))
  const code = `require(${address}).runCompiled(${JSON.stringify(file)}, '${version}')`
  const out = execFileSync(process.execPath, ['--no-warnings', '-e', code], { encoding: 'utf8' })
  return out.trim()
}

/** V8 writes its version and its flags at the head of what it compiled. */
function ofAnotherV8(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes).fill(0xff, 4, 40)
  other.writeUInt32BE(crc32(other.subarray(4)))
  return other
}

function kept(): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.v8'))
    .map(name => join(folder, name))
}
