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

  test('that promise much and bring little take little memory', () => {
    const { assembler, frames } = assembling()
    assembler.push(hex('000493e0', '00'.repeat(10)))
    expect(assembler.target()!.length).toBeLessThanOrEqual(64 * 1024)
    expect(frames).toEqual([])
  })
})
