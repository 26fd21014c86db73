import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BufferPool } from '../../../engine/support/buffer-pool.ts'

test('a buffer that was given back is given out again', () => {
  const pool = new BufferPool({ idleBytesMax: 1024 * 1024 })
  const first = pool.acquire(10_000)
  pool.release(first)
  expect(pool.acquire(9_000)).toBe(first)
  expect(pool.acquire(9_000)).not.toBe(first)
})

test('a buffer is as large as asked for, and at most twice that above 4 KB', () => {
  const pool = new BufferPool({ idleBytesMax: 0 })
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), bytes => {
      const { length } = pool.acquire(bytes)
      expect(length).toBeGreaterThanOrEqual(bytes)
      expect(length).toBeLessThanOrEqual(Math.max(4096, bytes * 2))
    }),
  )
})

test('no more than the bound is kept', () => {
  const pool = new BufferPool({ idleBytesMax: 8192 })
  const buffers = [pool.acquire(4096), pool.acquire(4096), pool.acquire(4096)]
  for (const each of buffers) pool.release(each)
  const again = [pool.acquire(4096), pool.acquire(4096), pool.acquire(4096)]
  expect(again.filter(each => buffers.includes(each))).toHaveLength(2)
})

test('what is out is counted until it comes back', () => {
  const pool = new BufferPool({ idleBytesMax: 0 })
  const [small, large] = [pool.acquire(1), pool.acquire(5_000)]
  expect(pool.lentBytes).toBe(4096 + 8192)
  pool.release(large)
  expect(pool.lentBytes).toBe(4096)
  pool.release(small)
  expect(pool.lentBytes).toBe(0)
})

test('a trim lets go of what nobody needed since the last one, and of nothing else', () => {
  const pool = new BufferPool({ idleBytesMax: 1024 * 1024 })
  const burst = [1, 2, 3].map(() => pool.acquire(4096))
  for (const each of burst) pool.release(each)
  pool.trim()
  expect(pool.idleBytes).toBe(3 * 4096)
  const needed = [pool.acquire(4096), pool.acquire(4096)]
  for (const each of needed) pool.release(each)
  pool.trim()
  expect(pool.idleBytes).toBe(2 * 4096)
  expect(needed).toContain(pool.acquire(4096))
  expect(needed).toContain(pool.acquire(4096))
  expect(needed).not.toContain(pool.acquire(4096))
  pool.trim()
  expect(pool.idleBytes).toBe(0)
})

test('no buffer is out twice', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.integer({ min: 1, max: 40_000 }),
          fc.constantFrom('release' as const, 'trim' as const),
        ),
      ),
      moves => {
        const pool = new BufferPool({ idleBytesMax: 64 * 1024 })
        const out: Buffer[] = []
        for (const move of moves) {
          if (move === 'release') {
            const buffer = out.shift()
            if (buffer !== undefined) pool.release(buffer)
          } else if (move === 'trim') pool.trim()
          else {
            const buffer = pool.acquire(move)
            expect(out).not.toContain(buffer)
            out.push(buffer)
          }
        }
      },
    ),
  )
})
