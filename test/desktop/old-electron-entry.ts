/**
 * The desktop application's entry for the older Electron: CommonJS knows no top-level await, and
 * Electron 22 knows protocols by an older name.
 */
import { protocol } from 'electron'
import { runDesktop } from '../../src-main/desktop/desktop.ts'

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

if (typeof protocol.handle === 'undefined')
  Object.assign(protocol, {
    handle(scheme: string, handler: (request: object) => Promise<Answer>) {
      protocol.registerBufferProtocol(scheme, (request, answer) => {
        void handler(request).then(({ status, headers, body }) => {
          const [mimeType = ''] = (headers['content-type'] ?? '').split(';')
          answer({ statusCode: status, headers, mimeType, data: body })
        })
      })
    },
  })

void runDesktop(process.argv)
