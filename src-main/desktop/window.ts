/** The application's window: sandboxed, without Node, at the place where it was left. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { PAGE_ORIGIN } from './page-protocol.ts'
import {
  keepWindowState,
  restoreWindowState,
  WINDOW_HEIGHT_MIN,
  WINDOW_WIDTH_MIN,
} from './window-state.ts'

const preload = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url))
/** The page's own surfaces, so that no white flashes before its first paint. */
const backgrounds = { light: '#ffffff', dark: '#141517' }

export function openWindow(): BrowserWindow {
  const stateFile = join(app.getPath('userData'), 'window.json')
  const screens = screen.getAllDisplays().map(display => display.workArea)
  const { bounds, maximized } = restoreWindowState(stateFile, screens)
  const window = new BrowserWindow({
    ...(bounds ?? { width: 1280, height: 800 }),
    minWidth: WINDOW_WIDTH_MIN,
    minHeight: WINDOW_HEIGHT_MIN,
    show: false,
    title: 'Odradek',
    backgroundColor: background(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    keepWindowState(stateFile, {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
    })
  })
  const followTheme = () => window.setBackgroundColor(background())
  nativeTheme.on('updated', followTheme)
  window.on('closed', () => nativeTheme.off('updated', followTheme))
  void window.loadURL(`${PAGE_ORIGIN}/index.html`)
  return window
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}
