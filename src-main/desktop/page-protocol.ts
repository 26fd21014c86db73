/**
 * Serves the built pages as `app://odradek/…`. An origin of its own, unlike `file:`, cannot read
 * the user's disk, and its answers carry the content security policy as a header.
 */
import { readFile } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { protocol } from 'electron'

export const PAGE_ORIGIN = 'app://odradek'

const folder = fileURLToPath(new URL('../renderer/', import.meta.url))

/** Styles may be inline because the components compute theirs; scripts never. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

/** Before the application is ready: what is privileged cannot change afterwards. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export function servePages(): void {
  protocol.handle('app', answer)
}

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url)
  const file = fileFor(url)
  const mediaType = mediaTypes[extname(url.pathname)]
  if (request.method !== 'GET' || file === null || mediaType === undefined) return notFound()
  try {
    const body = await readFile(file)
    return new Response(body, {
      headers: {
        'content-type': mediaType,
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    })
  } catch {
    // A file that is not there is the page's mistake, and its console says so.
    return notFound()
  }
}

/** Null for another host, and for a path that leads out of the folder. */
function fileFor(url: URL): string | null {
  if (url.host !== 'odradek') return null
  const file = resolve(folder, `.${decodeURIComponent(url.pathname)}`)
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep) ? file : null
}

function notFound(): Response {
  return new Response('not found', { status: 404, headers: { 'content-type': 'text/plain' } })
}
