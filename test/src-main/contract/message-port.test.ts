import { expect, test } from 'vitest'
import { framePortOf } from '../../../src-main/contract/message-port.ts'

test('frames arrive in order, also those sent before anyone listened', async () => {
  const [page, service] = ports()
  page.send(Uint8Array.of(1))
  page.send(Uint8Array.of(2))
  expect(await take(service, 2)).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
  page.close()
})

test('what the other side has not taken yet counts as queued', async () => {
  const [page, service] = ports()
  page.send(new Uint8Array(1_000))
  page.send(new Uint8Array(500))
  expect(page.queuedBytes).toBe(1_500)
  // The sender hears of what was taken on the same port.
  const answers = take(page, 1)
  await take(service, 2)
  service.send(Uint8Array.of(9))
  await answers
  expect(page.queuedBytes).toBe(0)
  page.close()
})

test('closing either end closes both, once', async () => {
  const [page, service] = ports()
  let closed = 0
  const ended = new Promise<void>(resolve => service.onClose(() => resolve(void closed++)))
  page.onClose(() => closed++)
  service.onFrame(() => {})
  page.close()
  page.close()
  await ended
  expect(closed).toBe(2)
})

/** Node's ports have `on` with another meaning than Electron's, so only the DOM's part is shown. */
function ports() {
  const { port1, port2 } = new MessageChannel()
  const dom = (port: MessagePort) => ({
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
    addEventListener: port.addEventListener.bind(port) as never,
  })
  return [framePortOf(dom(port1)), framePortOf(dom(port2))] as const
}

function take(port: ReturnType<typeof framePortOf>, count: number): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = []
  return new Promise(resolve => {
    port.onFrame(frame => {
      frames.push(frame)
      if (frames.length === count) resolve(frames)
    })
  })
}
