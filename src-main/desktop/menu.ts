/** The menu. What acts inside the page is sent there as a command or as an address. */
import {
  app,
  clipboard,
  Menu,
  shell,
  type BrowserWindow,
  type MenuItemConstructorOptions,
} from 'electron'
import { openOutside } from './confine.ts'
import { PAGE_ORIGIN } from './page-protocol.ts'

export interface MenuContext {
  readonly window: () => BrowserWindow | null
  /** Null until the brokers listen. */
  readonly bootstrap: () => string | null
  readonly dataFolder: string
}

export function setMenu(context: MenuContext): void {
  const mac: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...mac,
      fileMenu(context),
      { role: 'editMenu' },
      viewMenu(),
      goMenu(context),
      { role: 'windowMenu' },
      helpMenu(),
    ]),
  )
}

function fileMenu({ bootstrap, dataFolder }: MenuContext): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      {
        id: 'copy-bootstrap',
        label: 'Copy Bootstrap Address',
        accelerator: 'CmdOrCtrl+Shift+B',
        click: () => void clipboard.writeText(bootstrap() ?? ''),
      },
      { label: 'Open Data Folder', click: () => void shell.openPath(dataFolder) },
      { type: 'separator' },
      process.platform === 'darwin' ? { role: 'close' } : { role: 'quit' },
    ],
  }
}

function viewMenu(): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      { role: 'reload' },
      { role: 'toggleDevTools' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  }
}

function goMenu(context: MenuContext): MenuItemConstructorOptions {
  const page = (label: string, path: string, digit: number): MenuItemConstructorOptions => ({
    label,
    accelerator: `CmdOrCtrl+${digit}`,
    click: () => void context.window()?.loadURL(`${PAGE_ORIGIN}/index.html#${path}`),
  })
  return {
    label: '&Go',
    submenu: [
      page('Overview', '/local/overview', 1),
      page('Topics', '/local/topics', 2),
      page('Consumer Groups', '/local/groups', 3),
      { type: 'separator' },
      {
        label: 'Command Palette…',
        accelerator: 'CmdOrCtrl+K',
        // The page listens to the same keys; shown here so that they are found.
        registerAccelerator: false,
        click: () => context.window()?.webContents.send('odradek:command', 'palette.open'),
      },
    ],
  }
}

function helpMenu(): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      {
        label: 'Apache Kafka Documentation',
        click: () => void openOutside('https://kafka.apache.org/documentation/'),
      },
      { label: `About ${app.name}`, click: () => app.showAboutPanel() },
    ],
  }
}
