import { describe, expect, test } from 'vitest'
import { KafkaError } from '../../../engine/protocol/errors.ts'
import { integer, object, offset, optional, string } from '../../../src-main/contract/check.ts'
import { connect } from '../../../src-main/contract/connect.ts'
import {
  returns,
  type ConnectionState,
  type Contract,
  type Handlers,
  type Problem,
  type StreamSink,
} from '../../../src-main/contract/define.ts'
import { EventHub } from '../../../src-main/contract/event-hub.ts'
import { CONGESTED_BYTES, serve } from '../../../src-main/contract/serve.ts'
import { memoryPorts, type MemoryPort } from './memory-ports.ts'

const contract = {
  commands: {
    'add-one': { input: object({ offset }), output: returns<{ readonly offset: bigint }>() },
    greet: {
      input: object({ name: optional(string({ maxLength: 5 })) }),
      output: returns<string>(),
    },
    hang: { input: object({}), output: returns<void>() },
    fail: { input: object({}), output: returns<void>() },
  },
  streams: {
    count: { input: object({ from: integer({ min: 0, max: 100 }) }), item: returns<number>() },
  },
  events: { changed: returns<{ readonly topic: string }>() },
} as const satisfies Contract
type Api = typeof contract

describe('connection', () => {
  test('answers a call by its id, whatever order the answers come in', async () => {
    const { client } = fixture()
    const answers = await Promise.all([
      client.call('add-one', { offset: 9_007_199_254_740_993n }),
      client.call('greet', {}),
      client.call('add-one', { offset: 0n }),
    ])
    expect(answers).toEqual([{ offset: 9_007_199_254_740_994n }, 'hello you', { offset: 1n }])
  })

  test('refuses input that is not of the declared kind, and names the field', async () => {
    const { client } = fixture()
    await expect(client.call('add-one', { offset: -1n })).rejects.toMatchObject({
      problem: { code: 'INVALID_INPUT', message: 'input.offset is -1n, not an offset' },
    })
    await expect(client.call('greet', { name: 'longer' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    await expect(client.call('greet', { nmae: 'x' } as {})).rejects.toMatchObject({
      problem: { message: 'input.nmae is "x", not a known field' },
    })
  })

  test('refuses a command that only an object in general has', async () => {
    const { client } = fixture()
    await expect(client.call('toString' as 'greet', {})).rejects.toMatchObject({
      problem: { message: 'no command is toString' },
    })
  })

  test('turns an expected error into its Kafka name and what to do', async () => {
    const { client } = fixture({
      fail: () => Promise.reject(new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', 'topic orders')),
    })
    await expect(client.call('fail', {})).rejects.toMatchObject({
      problem: {
        code: 'UNKNOWN_TOPIC_OR_PARTITION',
        message: 'topic orders',
        remedy: expect.stringContaining('deleted') as string,
      },
    })
  })

  test('reports a mistake of ours with its stack, and goes on serving', async () => {
    const { client, mistakes } = fixture({
      fail: () => Promise.reject(new TypeError('x is not y')),
    })
    await expect(client.call('fail', {})).rejects.toMatchObject({ code: 'INTERNAL' })
    expect(mistakes[0]?.details).toContain('TypeError: x is not y')
    expect(await client.call('greet', {})).toBe('hello you')
  })

  test('an aborted call ends on both sides', async () => {
    const started = Promise.withResolvers<AbortSignal>()
    const { client } = fixture({
      hang: (_input, signal) => {
        started.resolve(signal)
        return new Promise(() => {})
      },
    })
    const controller = new AbortController()
    const call = client.call('hang', {}, controller.signal)
    const signal = await started.promise
    const ended = new Promise(resolve => signal.addEventListener('abort', resolve))
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    await ended
  })

  test('a stream gives its items in order and then its end', async () => {
    const { client } = fixture({}, async ({ from }, sink) => {
      for (let each = from; each < from + 3; each++) sink.emit(each)
    })
    expect(await readAll(client, 5)).toEqual([5, 6, 7, null])
  })

  test('closing a stream aborts its producer, and nothing more arrives', async () => {
    const opened = Promise.withResolvers<StreamSink<number>>()
    const { client } = fixture({}, async (_input, sink) => {
      opened.resolve(sink)
      await new Promise(resolve => sink.signal.addEventListener('abort', resolve))
    })
    const items: number[] = []
    const close = client.stream('count', { from: 0 }, { onItem: item => items.push(item) })
    const sink = await opened.promise
    close()
    await new Promise(resolve => sink.signal.addEventListener('abort', resolve))
    sink.emit(1)
    await client.call('greet', {})
    expect(items).toEqual([])
  })

  test('a stream learns that its reader is slow', async () => {
    const opened = Promise.withResolvers<StreamSink<number>>()
    const { client, servers } = fixture({}, async (_input, sink) => {
      opened.resolve(sink)
      await new Promise(() => {})
    })
    client.stream('count', { from: 0 }, { onItem: () => {} })
    const sink = await opened.promise
    expect(sink.congested).toBe(false)
    servers[0]!.queuedBytes = CONGESTED_BYTES + 1
    expect(sink.congested).toBe(true)
  })

  test('an event is sent to listeners only', async () => {
    const { client, events, servers } = fixture()
    await client.call('greet', {})
    const before = servers[0]!.sent.length
    events.emit('changed', { topic: 'unheard' })
    expect(servers[0]!.sent.length).toBe(before)

    const heard: unknown[] = []
    const stop = client.on('changed', payload => heard.push(payload))
    await client.call('greet', {})
    events.emit('changed', { topic: 'orders' })
    await client.call('greet', {})
    stop()
    await client.call('greet', {})
    events.emit('changed', { topic: 'after' })
    await client.call('greet', {})
    expect(heard).toEqual([{ topic: 'orders' }])
  })

  test('a lost connection fails what was under way and comes back with streams and events', async () => {
    let next = 10
    const { client, servers, events } = fixture(
      { hang: () => new Promise(() => {}) },
      async ({ from }, sink) => {
        sink.emit(from)
        await new Promise(() => {})
      },
    )
    const states: ConnectionState['type'][] = []
    const heard: unknown[] = []
    const items: number[] = []
    client.onState(state => states.push(state.type))
    client.on('changed', payload => heard.push(payload))
    client.stream('count', () => ({ from: next++ }), { onItem: item => items.push(item) })
    await client.call('greet', {})
    const hanging = client.call('hang', {})
    servers[0]!.close()
    await expect(hanging).rejects.toMatchObject({ code: 'DISCONNECTED' })

    expect(await client.call('greet', { name: 'again' })).toBe('hello again')
    events.emit('changed', { topic: 'orders' })
    await client.call('greet', {})
    expect(heard).toEqual([{ topic: 'orders' }])
    expect(items).toEqual([10, 11])
    expect(states).toEqual(['open', 'connecting', 'open'])
  })

  test('calls made before the connection is there wait for it', async () => {
    const { client } = fixture({}, undefined, { refusals: 3 })
    expect(await client.call('greet', {})).toBe('hello you')
  })

  test('a closed client refuses calls', async () => {
    const { client } = fixture()
    client.close()
    await expect(client.call('greet', {})).rejects.toMatchObject({ code: 'DISCONNECTED' })
  })

  test('bytes that are no frame of ours end the connection', async () => {
    const { servers, client } = fixture()
    await client.call('greet', {})
    let closed = false
    servers[0]!.onClose(() => (closed = true))
    servers[0]!.other.send(Uint8Array.of(9, 9, 9))
    await Promise.resolve()
    expect(closed).toBe(true)
  })
})

function fixture(
  commands: Partial<Handlers<Api>['commands']> = {},
  count: Handlers<Api>['streams']['count'] = async () => {},
  { refusals = 0 } = {},
) {
  const handlers: Handlers<Api> = {
    commands: {
      'add-one': async input => ({ offset: input.offset + 1n }),
      greet: async ({ name = 'you' }) => `hello ${name}`,
      hang: async () => {},
      fail: async () => {},
      ...commands,
    },
    streams: { count },
  }
  const events = new EventHub<Api>()
  const mistakes: Problem[] = []
  const servers: (MemoryPort & { other: MemoryPort })[] = []
  const client = connect<Api>({
    open: async () => {
      if (refusals-- > 0) throw new Error('not yet')
      const [page, service] = memoryPorts()
      servers.push(Object.assign(service, { other: page }))
      const onMistake = (problem: Problem) => void mistakes.push(problem)
      serve({ contract, handlers, events, port: service, onMistake })
      return page
    },
    wait: () => Promise.resolve(),
  })
  return { client, events, mistakes, servers }
}

function readAll(
  client: ReturnType<typeof fixture>['client'],
  from: number,
): Promise<(number | null)[]> {
  const items: (number | null)[] = []
  return new Promise(resolve => {
    client.stream(
      'count',
      { from },
      { onItem: item => items.push(item), onEnd: () => resolve([...items, null]) },
    )
  })
}
