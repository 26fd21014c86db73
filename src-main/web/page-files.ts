/** Serves the built pages from their folder, and nothing beside it. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export const contentSecurityPolicy = [
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

const securityHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/** Answers one GET or HEAD; `/` is `index.html`. */
export async function servePageFile(
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return respond(response, 405, 'only GET and HEAD are served here')
  const path = filePath(folder, request.url ?? '/')
  const found = path === null ? null : await stat(path).catch(() => null)
  if (path === null || found === null || !found.isFile())
    return respond(response, 404, 'there is no such file')

  // Built files carry a hash of their content in their names; the page that names them does not.
  const hashed = /-[\w-]{8,}\.\w+$/.test(path)
  response.writeHead(200, {
    ...securityHeaders,
    'Content-Type': contentTypes[extname(path)] ?? 'application/octet-stream',
    'Content-Length': found.size,
    'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (request.method === 'HEAD') return void response.end()
  // A browser that goes away in the middle of a file is no error of ours.
  await pipeline(createReadStream(path), response).catch(() => response.destroy())
}

export function respond(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}

/** Null for what cannot be a path inside of the folder. */
function filePath(folder: string, url: string): string | null {
  let pathname: string
  try {
    pathname = decodeURIComponent(new URL(url, 'http://localhost').pathname)
  } catch {
    // An address that is none names no file.
    return null
  }
  if (pathname.includes('\0') || pathname.includes('\\')) return null
  const path = join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
  const root = folder.endsWith(sep) ? folder : folder + sep
  return path.startsWith(root) ? path : null
}
