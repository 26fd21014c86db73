/** Opens an address in the user's browser where there is a screen to show one on. */
import { spawn } from 'node:child_process'

export function openInBrowser(url: string): void {
  const command = commandFor(url)
  if (command === null) return
  const [file, args] = command
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  // The address has been printed, so a machine without a browser needs no further word.
  child.on('error', () => {})
  child.unref()
}

function commandFor(url: string): [string, string[]] | null {
  if (process.platform === 'darwin') return ['open', [url]]
  if (process.platform === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]]
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open', [url]] : null
}
