/**
 * Runs before everything else in each thread of the application that is built for the older
 * Electron of the desktop tests (Node 16): what newer Nodes have and it has not. Not shipped.
 */
import 'core-js/actual/index.js'

/** As much of `Response` as a protocol handler builds. */
class OldResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer

  constructor(
    body: string | Uint8Array,
    { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
  ) {
    this.status = status
    this.headers = headers
    this.body = Buffer.from(body as Uint8Array)
  }
}

if (typeof globalThis.Response === 'undefined') Object.assign(globalThis, { Response: OldResponse })
