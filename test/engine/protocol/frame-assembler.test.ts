import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameAssembler } from '../../../engine/protocol/frame-assembler.ts'
import { InvalidFrameError } from '../../../engine/protocol/invalid-frame.ts'
import { hex, hexOf } from './hex.ts'

const FRAME_BYTES_MAX = 300_000

function assembling() {
  const frames: Buffer[] = []
  const assembler = new FrameAssembler({
    frameBytesMax: FRAME_BYTES_MAX,
    // A frame is valid during the call only.
    onFrame: frame => frames.push(Buffer.from(frame)),
  })
  return { assembler, frames }
}

function framed(contents: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(contents.length)
  return Buffer.concat([length, contents])
}

/** Frames of every size that is treated in its own way: empty, small, above 32 and 64 KB. */
const frameContents = fc
  .record({
    length: fc.oneof(
      fc.constantFrom(0, 1, 3, 4, 5, 32_767, 32_768, 65_535, 65_536, 65_537, 200_000),
      fc.nat(40),
    ),
    seed: fc.nat(255),
  })
  .map(({ length, seed }) => Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff))

describe('frames', () => {
  test('come out as they went in, however the stream was cut', () => {
    fc.assert(
      fc.property(
        fc.array(frameContents, { maxLength: 6 }),
        fc.array(fc.constantFrom(1, 2, 3, 4, 7, 1_000, 16_384, 65_536), { minLength: 1 }),
        (contents, cuts) => {
          const { assembler, frames } = assembling()
          const stream = Buffer.concat(contents.map(framed))
          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const bytes = Math.min(cuts[turn % cuts.length]! + (turn >> 6), stream.length - at)
            // Read straight into the collected frame where it asks for that, as the socket does.
            const target = assembler.target()
            const read = target === null ? bytes : Math.min(bytes, target.length)
            const received = target === null ? Buffer.alloc(read) : target.subarray(0, read)
            received.set(stream.subarray(at, at + read))
            assembler.push(received)
            at += read
          }
          expect(frames.map(hexOf)).toEqual(contents.map(hexOf))
        },
      ),
      { numRuns: 150, seed: 10 },
    )
  })

  test('of several connections do not mix, whosever bytes come next', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(frameContents, { maxLength: 4 }), { minLength: 2, maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(2), fc.constantFrom(3, 1_000, 40_000, 70_000)), { minLength: 4 }),
        (connections, turns) => {
          const sides = connections.map(contents => ({
            ...assembling(),
            stream: Buffer.concat(contents.map(framed)),
            at: 0,
          }))
          const read = ({ assembler, stream, at }: (typeof sides)[number], bytes: number) => {
            const target = assembler.target()
            const length = Math.min(bytes, stream.length - at, target?.length ?? Infinity)
            const received = target?.subarray(0, length) ?? Buffer.alloc(length)
            received.set(stream.subarray(at, at + length))
            assembler.push(received)
            return at + length
          }
          for (const [side, bytes] of turns) {
            const reading = sides[side % sides.length]!
            reading.at = read(reading, bytes)
          }
          for (const side of sides)
            while (side.at < side.stream.length) side.at = read(side, 50_000)
          expect(sides.map(({ frames }) => frames.map(hexOf))).toEqual(
            connections.map(contents => contents.map(hexOf)),
          )
        },
      ),
      { numRuns: 150, seed: 11 },
    )
  })

  test('that came whole are handed on without a copy', () => {
    const received = hex('00000002 cafe 00000001 2a')
    const buffers: ArrayBufferLike[] = []
    const assembler = new FrameAssembler({
      frameBytesMax: FRAME_BYTES_MAX,
      onFrame: frame => buffers.push(frame.buffer),
    })
    assembler.push(received)
    expect(buffers).toEqual([received.buffer, received.buffer])
    expect(buffers[0]).toBe(received.buffer)
  })

  test.each(['ffffffff', '80000000', '000493e1', '47455420'])(
    'of length %s are refused, at once and byte by byte',
    length => {
      expect(() => assembling().assembler.push(hex(length))).toThrow(InvalidFrameError)
      const { assembler } = assembling()
      const bytes = hex(length)
      for (const byte of bytes.subarray(0, 3)) assembler.push(Uint8Array.of(byte))
      expect(() => assembler.push(bytes.subarray(3))).toThrow(InvalidFrameError)
    },
  )

  test('that are long are collected in memory that connections share', () => {
    const long = hex('00020000', 'ab'.repeat(0x2_0000))
    const buffers: ArrayBufferLike[] = []
    for (let connection = 0; connection < 3; connection++) {
      const assembler = new FrameAssembler({
        frameBytesMax: FRAME_BYTES_MAX,
        onFrame: frame => buffers.push(frame.buffer),
      })
      assembler.push(long.subarray(0, 5))
      assembler.push(long.subarray(5))
    }
    expect(buffers).toHaveLength(3)
    expect(new Set(buffers).size).toBe(1)
  })

  test('that promise much and bring little take little memory', () => {
    const { assembler, frames } = assembling()
    assembler.push(hex('000493e0', '00'.repeat(10)))
    expect(assembler.target()!.length).toBeLessThanOrEqual(64 * 1024)
    expect(frames).toEqual([])
  })
})
