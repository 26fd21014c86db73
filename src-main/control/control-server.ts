/**
 * The control address of a running application: what the command line does to its nodes, and single
 * records for a shell. HTTP on the loopback interface, for those who have the token of this start,
 * which is in the instance file that only its owner can read.
 *
 *     GET  /status
 *     POST /brokers/2/kill            stop, pause, resume, start; and /controllers/…
 *     POST /controllers               one more, answered when it votes; /controllers/3001/remove
 *     POST /brokers/2/power-cut       what it took; ?tornTailSeed=7. And /power-cut: all of them
 *     GET  /clusters/local/topics/orders/partitions/0/offsets/7       ?part=value
 *
 * An error is JSON: code, message, and a remedy where there is one.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cluster } from '../../engine/cluster/cluster.ts'
import { ContractError, type Problem } from '../contract/define.ts'
import { problemOf } from '../contract/problem.ts'
import { refuseForeign, tokenMatches } from '../web/web-access.ts'
import type { ControlAddress } from '../contract/model/application.ts'
import { jsonText } from './json-text.ts'
import {
  actOnNode,
  addController,
  cutPower,
  isNodeAction,
  nodesStatus,
  removeController,
  type NodeKind,
} from './node-acts.ts'
import { answerWithRecord, type RecordReader } from './record-answer.ts'

export interface ControlServerOptions {
  readonly cluster: Cluster
  readonly dataFolder: string
  /** Asked for at each use: it may not be there yet when the server begins to listen. */
  readonly records: () => Promise<RecordReader>
}

export interface ControlServer {
  readonly address: ControlAddress
  /** Ends every connection. */
  close(): Promise<void>
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  const token = randomBytes(24).toString('base64url')
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo
    const refusal = refusalOf(request, port, token)
    if (refusal !== null) return respond(response, refusal.status, refusal.problem)
    answer(options, request, response).catch((error: unknown) => {
      // The top of a request: what was thrown is its answer, unless that has begun.
      const problem = problemOf(error)
      if (response.headersSent) response.destroy()
      else respond(response, statusOf(problem), problem)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    address: { url: `http://127.0.0.1:${port}`, token },
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  options: ControlServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await routed(options, request)(request, response)
}

/** Every path with its answer. Throws a `ContractError` NOT_FOUND for others. */
function routed(options: ControlServerOptions, request: IncomingMessage): Answer {
  const { cluster, dataFolder, records } = options
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const path = pathname.slice(1).split('/').map(decoded)

  if (path.length === 1 && path[0] === 'status')
    return only('GET', async (_, response) =>
      respond(response, 200, await nodesStatus(cluster, dataFolder)),
    )

  const cut = (node: { readonly kind: NodeKind; readonly id: string } | null) =>
    only('POST', async (_, response) =>
      respond(response, 200, await cutPower(cluster, node, searchParams.get('tornTailSeed'))),
    )
  if (path.length === 1 && path[0] === 'power-cut') return cut(null)

  if (path.length === 1 && path[0] === 'controllers')
    return only('POST', async (_, response) => respond(response, 200, await addController(cluster)))

  const [kind, id = '', action = ''] = path
  const isNode = path.length === 3 && (kind === 'brokers' || kind === 'controllers')
  if (isNode && action === 'power-cut') return cut({ kind, id })
  if (isNode && kind === 'controllers' && action === 'remove')
    return only('POST', async (_, response) =>
      respond(response, 200, await removeController(cluster, id)),
    )
  if (isNode && isNodeAction(action))
    return only('POST', async (_, response) =>
      respond(response, 200, await actOnNode(cluster, { kind, id, action })),
    )

  const [, clusterId = '', , topic = '', , partition = '', , offset = ''] = path
  const names = path.filter((_, index) => index % 2 === 0).join('/')
  if (path.length === 8 && names === 'clusters/topics/partitions/offsets')
    return only('GET', async (_, response) =>
      answerWithRecord(
        await records(),
        { clusterId, topic, partition, offset, searchParams },
        response,
      ),
    )
  throw new ContractError({ code: 'NOT_FOUND', message: `nothing is at ${pathname}` })
}

function only(method: 'GET' | 'POST', answer: Answer): Answer {
  return async (request, response) => {
    if (request.method === method) return answer(request, response)
    response.setHeader('Allow', method)
    respond(response, 405, { code: 'METHOD', message: `${method} is what works here` })
  }
}

function refusalOf(
  { headers }: IncomingMessage,
  port: number,
  token: string,
): { readonly status: number; readonly problem: Problem } | null {
  const foreign = refuseForeign(headers, port)
  if (foreign !== null)
    return { status: foreign.status, problem: { code: 'FOREIGN', message: foreign.reason } }
  const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? null
  if (tokenMatches(given, token)) return null
  const problem = {
    code: 'UNAUTHORIZED',
    message: 'the token is missing or not of this start',
    remedy: 'Send Authorization: Bearer with the token from "odradek status --json".',
  }
  return { status: 401, problem }
}

function statusOf({ code }: Problem): number {
  const statuses: Readonly<Record<string, number>> = {
    NOT_FOUND: 404,
    UNKNOWN_TOPIC_OR_PARTITION: 404,
    OFFSET_OUT_OF_RANGE: 404,
    INVALID_INPUT: 400,
    TOO_LARGE: 413,
    CONFLICT: 409,
    INTERNAL: 500,
  }
  return statuses[code] ?? 503
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // What is no encoding names nothing, and is told so with its own text.
    return segment
  }
}

function respond(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  })
  response.end(`${jsonText(value)}\n`)
}
