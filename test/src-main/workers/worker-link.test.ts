import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { integer, object, string } from '../../../src-main/contract/check.ts'
import { connect } from '../../../src-main/contract/connect.ts'
import {
  returns,
  type Contract,
  type Handlers,
  type Problem,
  type StreamSink,
} from '../../../src-main/contract/define.ts'
import { EventHub } from '../../../src-main/contract/event-hub.ts'
import { decodeValue } from '../../../src-main/contract/frame.ts'
import { serve } from '../../../src-main/contract/serve.ts'
import { WorkerLink } from '../../../src-main/workers/worker-link.ts'
import { memoryPorts } from '../contract/memory-ports.ts'

const contract = {
  commands: {
    echo: { input: object({ index: integer({ min: 0, max: 99 }) }), output: returns<unknown>() },
    nothing: { input: object({}), output: returns<void>() },
    refuse: { input: object({ reason: string({ maxLength: 99 }) }), output: returns<void>() },
    hang: { input: object({}), output: returns<void>() },
  },
  streams: { count: { input: object({}), item: returns<number>() } },
  events: {},
} as const satisfies Contract
type Api = typeof contract

describe('a link to a worker', () => {
  test('passes any value on to a page as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5 }), async given => {
        const { page } = fixture({ echo: async ({ index }) => given[index] })
        const answers = await Promise.all(given.map((_, index) => page.call('echo', { index })))
        expect(answers).toEqual(given)
      }),
      { numRuns: 100 },
    )
  })

  test('tells its caller of answers without a value, of problems and of cancelling', async () => {
    const aborted = Promise.withResolvers<void>()
    const { link } = fixture({
      hang: (_input, signal) =>
        new Promise(() => signal.addEventListener('abort', () => aborted.resolve())),
    })
    expect(await link.call('nothing', {})).toBeUndefined()
    await expect(link.call('refuse', { reason: 7 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    const controller = new AbortController()
    const call = link.call('hang', {}, controller.signal)
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED' })
    await aborted.promise
    expect(link.openCount).toBe(0)
  })

  test('a stream’s producer learns what piles up behind the link, and that it is closed', async () => {
    const opened = Promise.withResolvers<StreamSink<number>>()
    const { link } = fixture({}, async (_input, sink) => {
      sink.emit(7)
      opened.resolve(sink)
      await new Promise(resolve => sink.signal.addEventListener('abort', resolve))
    })
    const items: unknown[] = []
    const stream = link.stream(
      'count',
      {},
      { onItem: item => items.push(decodeValue(item)), onEnd: () => {} },
    )
    const sink = await opened.promise
    await link.call('nothing', {})
    expect([items, sink.congested]).toEqual([[7], false])
    stream.setCongested(true)
    await link.call('nothing', {})
    expect(sink.congested).toBe(true)
    stream.setCongested(false)
    await link.call('nothing', {})
    expect(sink.congested).toBe(false)
    stream.close()
    await link.call('nothing', {})
    expect(sink.signal.aborted).toBe(true)
  })

  test('what was under way in a worker that ended fails with the reason', async () => {
    const { link } = fixture({ hang: () => new Promise(() => {}) }, () => new Promise(() => {}))
    const problem = { code: 'WORKER_ENDED', message: 'the thread "inspect 1" ended: bang' }
    const call = link.call('hang', {})
    const ends: (Problem | null)[] = []
    link.stream('count', {}, { onItem: () => {}, onEnd: end => ends.push(end) })
    link.end(problem)
    await expect(call).rejects.toMatchObject({ problem })
    expect([ends, link.openCount]).toEqual([[problem], 0])
  })
})

/** What JSON has, and what frames add to it. */
const value = fc.oneof(
  fc.bigInt(),
  fc.uint8Array({ maxLength: 40 }),
  fc.jsonValue().filter(each => !JSON.stringify(each).includes('-0')),
  fc.record({ rows: fc.array(fc.record({ offset: fc.bigInt(), key: fc.uint8Array() })) }),
)

/** A worker, a main thread that passes its answers on, and a page. */
function fixture(
  commands: Partial<Handlers<Api>['commands']> = {},
  count: Handlers<Api>['streams']['count'] = async () => {},
) {
  const [here, there] = memoryPorts()
  const events = new EventHub<Api>()
  const handlers: Handlers<Api> = {
    commands: {
      echo: async () => null,
      nothing: async () => {},
      refuse: async () => {},
      hang: async () => {},
      ...commands,
    },
    streams: { count },
  }
  serve({ contract, handlers, events, port: there })
  const link = new WorkerLink(here)
  const passing: Handlers<Api> = {
    ...handlers,
    commands: { ...handlers.commands, echo: input => link.call('echo', input) },
  }
  const page = connect<Api>({
    open: async () => {
      const [client, server] = memoryPorts()
      serve({ contract, handlers: passing, events, port: server })
      return client
    },
    wait: () => Promise.resolve(),
  })
  return { link, page }
}
