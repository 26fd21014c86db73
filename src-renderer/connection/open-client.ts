/**
 * Connects the page to the application: over a MessagePort inside Electron, over a WebSocket in
 * a browser. Nothing else in the page knows which.
 */
import type { ApplicationApi, ApplicationClient } from '../../src-main/contract/api.ts'
import { connect } from '../../src-main/contract/connect.ts'
import { ContractError, type FramePort } from '../../src-main/contract/define.ts'
import { framePortOf } from '../../src-main/contract/message-port.ts'
import { openWebSocket } from '../../src-main/contract/web-socket-port.ts'

const PORT_WAIT_MS = 5_000

export function openClient(): ApplicationClient {
  const inElectron = navigator.userAgent.includes('Electron/')
  return connect<ApplicationApi>({
    open: inElectron ? portOpener() : () => openWebSocket(socketUrl(location)),
    wait: milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds)),
  })
}

/** The token came with the address of the page, and goes back the same way. */
export function socketUrl({ protocol, host, search }: Location | URL): string {
  const token = new URLSearchParams(search).get('token') ?? ''
  const scheme = protocol === 'https:' ? 'wss' : 'ws'
  return `${scheme}://${host}/contract?token=${encodeURIComponent(token)}`
}

/** The preload script hands ports over as window messages, asked for or not. */
function portOpener(): () => Promise<FramePort> {
  let arrived: MessagePort | null = null
  let waiting: ((port: MessagePort) => void) | null = null
  window.addEventListener('message', event => {
    const [port] = event.ports
    if (event.source !== window || event.data?.type !== 'odradek-port' || port === undefined) return
    if (waiting === null) arrived = port
    else waiting(port)
    waiting = null
  })
  return async () => {
    if (arrived === null) window.postMessage({ type: 'odradek-port-wanted' }, '*')
    const port = arrived ?? (await portWithin(PORT_WAIT_MS, take => (waiting = take)))
    arrived = null
    return framePortOf(port)
  }
}

function portWithin(
  milliseconds: number,
  wait: (take: (port: MessagePort) => void) => void,
): Promise<MessagePort> {
  const { promise, resolve, reject } = Promise.withResolvers<MessagePort>()
  wait(resolve)
  const problem = { code: 'UNREACHABLE', message: `no port arrived within ${milliseconds} ms` }
  setTimeout(() => reject(new ContractError(problem)), milliseconds)
  return promise
}
