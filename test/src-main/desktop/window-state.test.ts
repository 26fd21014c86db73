import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  isReachable,
  keepWindowState,
  restoreWindowState,
} from '../../../src-main/desktop/window-state.ts'

const screen = { x: 0, y: 0, width: 1920, height: 1080 }
const second = { x: 1920, y: 0, width: 1280, height: 1024 }
const bounds = { x: 2000, y: 100, width: 1000, height: 700 }

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'window-'))
  file = join(folder, 'window.json')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a window comes back where it was', () => {
  keepWindowState(file, { bounds, maximized: true })
  expect(restoreWindowState(file, [screen, second])).toEqual({ bounds, maximized: true })
})

test('a window on a screen that is gone is placed anew', () => {
  keepWindowState(file, { bounds, maximized: false })
  expect(restoreWindowState(file, [screen])).toEqual({ bounds: null, maximized: false })
})

test.each(['', '{', 'null', '{"bounds":{"x":0}}', '{"bounds":{"x":0,"y":0,"width":9,"height":9}}'])(
  'a state that says %s is as none',
  content => {
    writeFileSync(file, content)
    expect(restoreWindowState(file, [screen])).toEqual({ bounds: null, maximized: false })
  },
)

test('a title bar above the screen cannot be grasped', () => {
  expect(isReachable({ ...screen, y: -40 }, [screen])).toBe(false)
  expect(isReachable({ x: 1700, y: 900, width: 1000, height: 700 }, [screen])).toBe(true)
  expect(isReachable({ x: 1850, y: 900, width: 1000, height: 700 }, [screen])).toBe(false)
})

test('a folder that is gone does not keep the window from closing', () => {
  rmSync(folder, { recursive: true })
  keepWindowState(file, { bounds: null, maximized: false })
  expect(() => readFileSync(file)).toThrow('ENOENT')
})
