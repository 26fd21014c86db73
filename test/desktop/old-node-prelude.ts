/**
 * Runs before everything else in each thread of the application that is built for the older
 * Electron of the desktop tests (Node 16): what newer Nodes have and it has not. Not shipped.
 */
import 'core-js/actual/index.js'
import { crc32 } from '@node-rs/crc32'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'

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

const fs = createRequire(import.meta.url)('node:fs') as Record<string, unknown>

const os = createRequire(import.meta.url)('node:os') as typeof import('node:os')

Object.assign(os, { availableParallelism: () => os.cpus().length })

/** `df` knows what Node 16 does not ask for: the free and the total bytes of a disk. */
fs['statfsSync'] ??= (folder: string) => {
  const output = execFileSync('df', ['--block-size=1', '--output=size,avail', folder])
  const [blocks = 0n, bavail = 0n] = (output.toString().match(/\d+/g) ?? []).map(BigInt)
  return { bsize: 1n, blocks, bfree: bavail, bavail }
}

const zlib = createRequire(import.meta.url)('node:zlib') as Record<string, unknown>
zlib['crc32'] ??= crc32

const { Server } = createRequire(import.meta.url)('node:http') as typeof import('node:http')

/** Nobody keeps a connection open to the control address of a desktop under test. */
if (!('closeAllConnections' in Server.prototype))
  Object.assign(Server.prototype, { closeAllConnections: () => {} })
