/** Where the window was, kept from one start to the next. */
import { readFileSync, writeFileSync } from 'node:fs'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowState {
  /** Null lets the system place the window. */
  readonly bounds: Rectangle | null
  readonly maximized: boolean
}

export const WINDOW_WIDTH_MIN = 960
export const WINDOW_HEIGHT_MIN = 600
/** So much of the window has to be on a screen for it to be found and moved. */
const VISIBLE_MIN = 120

/** The kept state, without a place that no screen shows any more. */
export function restoreWindowState(file: string, screens: readonly Rectangle[]): WindowState {
  const kept = read(file)
  const bounds = kept.bounds !== null && isReachable(kept.bounds, screens) ? kept.bounds : null
  return { bounds, maximized: kept.maximized }
}

export function keepWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state))
  } catch {
    // A full disk must not keep the window from closing.
  }
}

export function isReachable(bounds: Rectangle, screens: readonly Rectangle[]): boolean {
  return screens.some(screen => {
    const width = overlap(bounds.x, bounds.width, screen.x, screen.width)
    const height = overlap(bounds.y, bounds.height, screen.y, screen.height)
    return width >= VISIBLE_MIN && height >= VISIBLE_MIN && bounds.y >= screen.y
  })
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}

function read(file: string): WindowState {
  const nothing: WindowState = { bounds: null, maximized: false }
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowState>
    return { bounds: checkedBounds(value.bounds), maximized: value.maximized === true }
  } catch {
    // The first start, or a file that a crash cut off.
    return nothing
  }
}

function checkedBounds(bounds: Partial<Rectangle> | null | undefined): Rectangle | null {
  if (bounds === null || bounds === undefined) return null
  const { x, y, width, height } = bounds
  if (!isInteger(x) || !isInteger(y) || !isInteger(width) || !isInteger(height)) return null
  if (width < WINDOW_WIDTH_MIN || height < WINDOW_HEIGHT_MIN) return null
  return { x, y, width, height }
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
