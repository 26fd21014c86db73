import type { WireTap } from '../../../engine/server/wire-tap.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Connection, type Respond } from '../../../engine/server/connection.ts'
import { InMemoryNetwork, settled, type InMemorySocket } from '../in-memory-network.ts'

const MB = 1024 * 1024

describe('a connection', () => {
  test('hands each frame on and sends its answer back', async () => {
    const { client, received, taken, start } = world({ answersAtOnce: true })
    start()
    client.write(frame('one'))
    client.write(frame('two'))
    await settled()
    expect(received).toEqual(['one', 'two'])
    expect(taken()).toEqual(['answer to one', 'answer to two'])
  })

  test('holds later requests behind one that waits, and keeps their bytes', async () => {
    const { client, received, answers, taken, start } = world()
    start()
    client.write(joined(['first', 'second', 'third']))
    await settled()
    expect(received).toEqual(['first'])

    answers.shift()!({ parts: [frame('a')] })
    await settled()
    expect(received).toEqual(['first', 'second'])
    answers.shift()!({ parts: [frame('b')] })
    answers.shift()!({ parts: [frame('c')] })
    await settled()
    expect(received).toEqual(['first', 'second', 'third'])
    expect(taken()).toEqual(['a', 'b', 'c'])
  })

  test('begins the next request where one lets it, and answers in the order they came', async () => {
    const { client, received, answers, taken, start } = world({ overlaps: ['first', 'second'] })
    start()
    client.write(joined(['first', 'second', 'third', 'fourth']))
    await settled()
    // The third lets nobody begin.
    expect(received).toEqual(['first', 'second', 'third'])
    const [first, second, third] = answers.splice(0)
    second!({ parts: [frame('b')] })
    third!({ parts: [frame('c')] })
    await settled()
    expect(received).toEqual(['first', 'second', 'third', 'fourth'])
    expect(taken()).toEqual([])
    answers.shift()!(null)
    first!({ parts: [frame('a')] })
    await settled()
    expect(taken()).toEqual(['a', 'b', 'c'])
  })

  test('lets a thousand requests be under way and no more', async () => {
    const names = Array.from({ length: 1_050 }, (_, index) => `request ${index}`)
    const { client, received, answers, taken, start } = world({ overlaps: names })
    start()
    client.write(joined(names))
    await settled()
    expect(received).toHaveLength(1_000)
    while (answers.length > 0) {
      answers.shift()!({ parts: [frame('done')] })
      await settled()
    }
    expect([received.length, taken().length]).toEqual([1_050, 1_050])
  })

  test('tells a request that waits that another waits for it', async () => {
    const { client, connection, start } = world()
    let told = 0
    start()
    client.write(frame('waits'))
    await settled()
    connection.waiting = { askerGone: () => {}, nextWaits: () => told++ }
    client.write(frame('next'))
    await settled()
    expect(told).toBe(1)
  })

  test('answers nothing where there is no answer, and goes on', async () => {
    const { client, received, answers, taken, start } = world()
    start()
    client.write(joined(['quiet', 'loud']))
    await settled()
    answers.shift()!(null)
    answers.shift()!({ parts: [frame('heard')] })
    await settled()
    expect(received).toEqual(['quiet', 'loud'])
    expect(taken()).toEqual(['heard'])
  })

  test('sends an answer of several parts as one, and then gives its memory back', async () => {
    const { client, answers, taken, start } = world()
    start()
    client.write(frame('x'))
    await settled()
    let written = 0
    const whole = frame('part one, part two')
    answers.shift()!({
      parts: [whole.subarray(0, 9), whole.subarray(9, 9), whole.subarray(9)],
      onWritten: () => written++,
    })
    expect(written).toBe(0)
    await settled()
    expect(taken()).toEqual(['part one, part two'])
    expect(written).toBe(1)
  })

  test('a second answer to one request is a bug', async () => {
    const { client, answers, start } = world()
    start()
    client.write(frame('x'))
    await settled()
    const respond = answers.shift()!
    respond(null)
    expect(() => respond(null)).toThrow('a request is answered once')
  })

  test.each([
    ['negative', -1],
    ['over the limit', 1025],
    ['2 GB', 0x7fff_ffff],
  ])('a frame of %s length closes it', async (_, length) => {
    const { client, closed, received, start } = world({ frameBytesMax: 1024 })
    start()
    const lie = Buffer.alloc(8)
    lie.writeInt32BE(length, 0)
    client.write(Buffer.concat([lie, frame('behind it')]))
    await settled()
    expect(client.closed).toBe(true)
    expect(closed()).toBe(1)
    expect(received).toEqual([])
  })

  test('frames behind one whose handler closed it are not handled', async () => {
    const { client, connection, received, start } = world({
      onRequest: (text, respond) => {
        if (text === 'bad') connection.close()
        respond(null)
      },
    })
    start()
    client.write(joined(['good', 'bad', 'late']))
    await settled()
    expect(received).toEqual(['good', 'bad'])
  })

  test('tells a waiting request that its asker is gone, once', async () => {
    const { client, connection, start, answers } = world()
    start()
    client.write(frame('long poll'))
    await settled()
    let gone = 0
    connection.waiting = { askerGone: () => gone++ }
    client.destroy()
    await settled()
    expect(gone).toBe(1)
    let written = 0
    answers.shift()!({ parts: [frame('late')], onWritten: () => written++ })
    expect(written).toBe(1)
  })
})

describe('back-pressure', () => {
  test('a hundred requests behind a waiting one leave the socket unread', async () => {
    const { client, server, received, answers, start } = world()
    start()
    for (let n = 0; n < 300; n++) client.write(frame(`r${n}`))
    await settled()
    expect(server.paused).toBe(true)
    expect(client.queuedBytes).toBeGreaterThan(150 * 5)
    while (answers.length > 0) {
      answers.shift()!(null)
      if (answers.length === 0) await settled()
    }
    expect(received).toHaveLength(300)
    expect(server.paused).toBe(false)
  })

  test('8 MB behind a waiting request leave the socket unread', async () => {
    const { client, server, start } = world()
    start()
    client.write(frame('waits'))
    for (let n = 0; n < 20; n++) client.write(frame('x'.repeat(MB)))
    await settled()
    expect(server.paused).toBe(true)
    expect(client.queuedBytes).toBeGreaterThanOrEqual(11 * MB)
  })

  test('a client that takes no answers is not served on until it takes them', async () => {
    const big = frame('y'.repeat(10 * MB))
    const { client, server, received, start } = world({
      onRequest: (_, respond) => respond({ parts: [big] }),
    })
    start()
    client.pause()
    // All in one read, as a flood of small requests arrives.
    client.write(joined(Array.from({ length: 50 }, (_, n) => `fetch ${n}`)))
    await settled()
    expect(received).toHaveLength(1)
    expect(server.queuedBytes).toBe(big.length)

    client.resume()
    await settled()
    expect(received).toHaveLength(50)
    expect(server.paused).toBe(false)
  })

  test('what a gone client had asked for is not looked up any more', async () => {
    const { client, received, start } = world({
      onRequest: (_, respond) => respond({ parts: [frame('y'.repeat(2 * MB))] }),
    })
    start()
    client.pause()
    client.write(joined(Array.from({ length: 50 }, (_, n) => `fetch ${n}`)))
    await settled()
    client.destroy()
    await settled()
    expect(received).toHaveLength(1)
  })

  test('answers that a gone client never took give their memory back', async () => {
    let written = 0
    const { client, start, connection } = world({
      onRequest: (_, respond) =>
        respond({ parts: [frame('never taken')], onWritten: () => written++ }),
    })
    start()
    client.pause()
    client.write(frame('fetch'))
    await settled()
    expect(written).toBe(0)
    connection.close()
    await settled()
    expect(written).toBe(1)
  })
})

test('any requests in any pieces, answered at any time, are answered in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.boolean()),
      async (texts, pieceBytes, late) => {
        const waiting: (() => void)[] = []
        let seen = 0
        const { client, received, taken, start } = world({
          pieceBytes,
          onRequest: (text, respond) => {
            const answer = () => respond({ parts: [frame(text)] })
            if (late[seen++ % Math.max(1, late.length)] === true) waiting.push(answer)
            else answer()
          },
        })
        start()
        client.write(joined(texts))
        await settled()
        while (waiting.length > 0) {
          expect(waiting).toHaveLength(1)
          waiting.shift()!()
          await settled()
        }
        expect(received).toEqual(texts)
        expect(taken()).toEqual(texts)
      },
    ),
    { numRuns: 100 },
  )
})

interface WorldOptions {
  /** Requests that let the next one begin. */
  readonly overlaps?: readonly string[]
  readonly answersAtOnce?: boolean
  readonly frameBytesMax?: number
  readonly tap?: WireTap
  readonly pieceBytes?: number
  readonly onRequest?: (text: string, respond: Respond) => void
}

function world(options: WorldOptions = {}) {
  const [client, server] = new InMemoryNetwork(options).pair()
  const received: string[] = []
  const answers: Respond[] = []
  let closed = 0
  const connection = new Connection({
    id: 0,
    socket: server,
    frameBytesMax: options.frameBytesMax ?? 100 * MB,
    openedAtMs: 0,
    tap: options.tap ?? null,
    handler: {
      onRequest(_, bytes, respond) {
        const text = Buffer.from(bytes).toString()
        received.push(text)
        if (options.onRequest !== undefined) options.onRequest(text, respond)
        else if (options.answersAtOnce === true) respond({ parts: [frame(`answer to ${text}`)] })
        else answers.push(respond)
        if (options.overlaps?.includes(text) === true) connection.letNextBegin()
      },
      onClose: () => closed++,
    },
  })
  const taken = collect(client)
  return {
    client,
    server,
    connection,
    received,
    answers,
    taken,
    closed: () => closed,
    start: () => connection.start(),
  }
}

/** The frames that a client got, as texts. */
function collect(client: InMemorySocket): () => string[] {
  const pieces: Buffer[] = []
  client.start({ onBytes: bytes => pieces.push(Buffer.from(bytes)), onClose: () => {} })
  return () => {
    const bytes = Buffer.concat(pieces)
    const texts: string[] = []
    for (let at = 0; at < bytes.length;) {
      const length = bytes.readInt32BE(at)
      texts.push(bytes.toString('utf8', at + 4, at + 4 + length))
      at += 4 + length
    }
    return texts
  }
}

function frame(text: string): Buffer {
  const body = Buffer.from(text)
  const bytes = Buffer.alloc(4 + body.length)
  bytes.writeInt32BE(body.length, 0)
  body.copy(bytes, 4)
  return bytes
}

function joined(texts: readonly string[]): Buffer {
  return Buffer.concat(texts.map(frame))
}
