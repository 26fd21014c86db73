/** Where the bytes of an export go: a file that appears when it is complete, or a browser. */
import { access, link, mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { homedir } from 'node:os'
import { join, parse } from 'node:path'
import { OperationalError } from '../../engine/support/operational-error.ts'

export interface ExportTarget {
  write(bytes: Uint8Array): void
  /** Given and not written yet. */
  readonly waitingBytes: number
  /** Rejects when something could not be written; gives the file's path. */
  complete(): Promise<string | null>
  /** Nothing is left of it. */
  discard(): Promise<void>
  /** Called when it cannot be written to any more. */
  onBroken(listener: (error: Error) => void): void
}

/** Where a browser would put it. */
export function downloadsFolder(): string {
  return join(homedir(), 'Downloads')
}

/** Rejects with an `OperationalError` where the folder cannot be written to. */
export async function fileTarget(folder: string, fileName: string): Promise<ExportTarget> {
  const part = join(folder, `.${fileName}.${process.pid}-${partNumber++}.part`)
  try {
    await mkdir(folder, { recursive: true })
    return new FileTarget(await open(part, 'wx'), part, join(folder, fileName))
  } catch (error) {
    throw new OperationalError(`${folder}: ${(error as Error).message}`, { cause: error })
  }
}

let partNumber = 1

class FileTarget implements ExportTarget {
  readonly #handle: FileHandle
  readonly #part: string
  readonly #path: string
  #writing: Promise<void> = Promise.resolve()
  #broken: Error | null = null
  #listener: (error: Error) => void = () => {}
  waitingBytes = 0

  constructor(handle: FileHandle, part: string, path: string) {
    this.#handle = handle
    this.#part = part
    this.#path = path
  }

  onBroken(listener: (error: Error) => void): void {
    this.#listener = listener
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.waitingBytes += bytes.length
    this.#writing = this.#writing.then(async () => {
      if (this.#broken === null)
        try {
          await this.#handle.writeFile(bytes)
        } catch (error) {
          // A full disk: the export fails with it, and leaves nothing behind.
          this.#broken = new OperationalError(`${this.#path}: ${(error as Error).message}`)
          this.#listener(this.#broken)
        }
      this.waitingBytes -= bytes.length
    })
  }

  async complete(): Promise<string> {
    await this.#writing
    if (this.#broken !== null) throw this.#broken
    await this.#handle.sync()
    await this.#handle.close()
    return this.#name()
  }

  async discard(): Promise<void> {
    await this.#writing
    await this.#handle.close()
    await rm(this.#part, { force: true })
  }

  /** Takes the first name that nobody has: `orders.csv`, `orders (2).csv`. Never overwrites. */
  async #name(): Promise<string> {
    const { dir, name, ext } = parse(this.#path)
    for (let number = 1; ; number++) {
      const path = number === 1 ? this.#path : join(dir, `${name} (${number})${ext}`)
      try {
        await link(this.#part, path)
        await rm(this.#part)
        return path
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EEXIST') continue
        if (await exists(path)) continue
        // A file system without links: the gap between looking and renaming has to do.
        await rename(this.#part, path)
        return path
      }
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The download of a browser. One that breaks off is seen to be broken: its connection is cut. */
export function responseTarget(response: ServerResponse, fileName: string): ExportTarget {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  return {
    write: bytes => void response.write(bytes),
    get waitingBytes() {
      return response.writableLength
    },
    async complete() {
      await new Promise<void>(resolve => response.end(resolve))
      return null
    },
    async discard() {
      response.destroy()
    },
    onBroken(listener) {
      response.on('close', () => {
        if (!response.writableFinished) listener(new OperationalError('the browser went away'))
      })
    },
  }
}
