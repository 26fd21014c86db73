/**
 * From a frame to its handler, and from the handler's answer to a frame.
 *
 * The one place where a failed request becomes an answer: what the protocol has a code for goes to
 * the client, a frame that is no request closes its connection, and a bug of ours is rethrown and
 * ends the node, whose host reports and restarts it.
 */
import { apiKeys, responseHeaderVersion } from '../protocol/api-keys.ts'
import { KafkaError } from '../protocol/errors.ts'
import { InvalidFrameError } from '../protocol/invalid-frame.ts'
import { Reader } from '../protocol/reader.ts'
import type { Fields, InputOf, Message, ValueOf } from '../protocol/schema.ts'
import { Writer } from '../protocol/writer.ts'
import { OperationalError } from '../support/operational-error.ts'
import type { Answer, Connection, Respond } from './connection.ts'
import { errorCodesIn } from './wire-tap.ts'

export interface RequestContext {
  readonly connection: Connection
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly nowMs: number
}

export type VersionRange = readonly [first: number, last: number]

/** An API as a node serves it. */
export interface ServedApi {
  readonly apiKey: number
  readonly name: string
  /** What requests are accepted. */
  readonly accepts: VersionRange
  /** What ApiVersions says, which differs where a client demands it (Produce, KAFKA-18659). */
  readonly advertises: VersionRange
  /** First version whose request header has tagged fields; null for none. */
  readonly flexibleSince: number | null
  serve(body: Reader, context: RequestContext, respond: Respond): void
}

interface ApiDeclaration<Q extends Fields, S extends Fields> {
  readonly request: Message<Q>
  readonly response: Message<S>
  /** The whole declared range when not given. */
  readonly accepts?: VersionRange
  readonly advertises?: VersionRange
  handle(request: ValueOf<Q>, context: RequestContext): InputOf<S> | Promise<InputOf<S>>
  /** The answer that carries an error which concerns the request as a whole. */
  failed(error: KafkaError, request: ValueOf<Q>, context: RequestContext): InputOf<S>
}

/** An API served through its declaration: decoded, handled, encoded. */
export function servedApi<Q extends Fields, S extends Fields>(
  api: ApiDeclaration<Q, S>,
): ServedApi {
  const { request: requestMessage, response: responseMessage } = api
  const apiKey = requestMessage.apiKey!
  const accepts = api.accepts ?? requestMessage.versions
  return {
    apiKey,
    name: requestMessage.name.replace(/Request$/, ''),
    accepts,
    advertises: api.advertises ?? accepts,
    flexibleSince: requestMessage.flexibleSince,
    serve(body, context, respond) {
      // Handlers may keep what they are given, so they get bytes of their own.
      const owned = new Reader(new Uint8Array(body.bytes.subarray(body.position, body.end)))
      // Bytes behind the last field are ignored, as Apache Kafka does: librdkafka 2.16 sends some.
      const request = requestMessage.read(owned, context.apiVersion)
      const answer = (value: InputOf<S>) => {
        const { connection, apiVersion, correlationId } = context
        const made = answerOf(responseMessage, value, apiVersion, correlationId)
        respond(connection.tapped ? { ...made, errorCodes: errorCodesIn(value) } : made)
      }
      const fail = (error: unknown) => {
        const failure = expected(error)
        try {
          answer(api.failed(failure, request, context))
        } catch (unwritable) {
          // Waiting for an answer that cannot be written, as one that repeats an overlong name.
          expected(unwritable)
          context.connection.close()
        }
      }
      try {
        const result = api.handle(request, context)
        if (result instanceof Promise) void result.then(answer).catch(fail)
        else answer(result)
      } catch (error) {
        fail(error)
      }
    },
  }
}

/** The error a client may hear of; anything else is a bug and goes on upwards. */
export function expected(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error
  if (error instanceof OperationalError)
    return new KafkaError('KAFKA_STORAGE_ERROR', error.message, { cause: error })
  throw error
}

/** A whole response frame: length, header, body. */
export function answerOf<S extends Fields>(
  response: Message<S>,
  value: InputOf<S>,
  apiVersion: number,
  correlationId: number,
): Answer {
  const writer = new Writer()
  writer.int32(0)
  writer.int32(correlationId)
  if (responseHeaderVersion(response, apiVersion) === 1) writer.unsignedVarint(0)
  response.write(writer, value, apiVersion)
  writer.int32At(writer.position - 4, 0)
  return { parts: [writer.finish()] }
}

export class Dispatcher {
  readonly #apis: ReadonlyMap<number, ServedApi>
  readonly #nowMs: () => number

  constructor(options: { readonly apis: readonly ServedApi[]; readonly nowMs: () => number }) {
    this.#apis = new Map(options.apis.map(api => [api.apiKey, api]))
    this.#nowMs = options.nowMs
  }

  /** Calls `respond` once, now or later; throws only for bugs. */
  dispatch(connection: Connection, frame: Uint8Array, respond: Respond): void {
    try {
      const body = new Reader(frame)
      const apiKey = body.int16()
      const apiVersion = body.int16()
      const api = this.#apis.get(apiKey)
      if (api === undefined) throw new InvalidFrameError(`API ${apiKey} is not served`)
      const [first, last] = api.accepts
      // ApiVersions answers any version itself, in the oldest form.
      if ((apiVersion < first || apiVersion > last) && apiKey !== apiKeys.apiVersions)
        throw new InvalidFrameError(`${api.name} version ${apiVersion} is not served`)

      const correlationId = body.int32()
      const clientIdBytes = body.stringLength(false)
      const clientId = clientIdBytes < 0 ? null : body.utf8(clientIdBytes)
      if (api.flexibleSince !== null && apiVersion >= api.flexibleSince) body.skipTaggedFields()
      connection.clientId = clientId
      const nowMs = this.#nowMs()
      api.serve(body, { connection, apiKey, apiVersion, correlationId, clientId, nowMs }, respond)
    } catch (error) {
      // Waiting for a frame that is no request, and for an answer that cannot be written, as one
      // that repeats an overlong name: whoever sent it is cut off.
      if (!(error instanceof InvalidFrameError) && !(error instanceof KafkaError)) throw error
      connection.close()
    }
  }
}
