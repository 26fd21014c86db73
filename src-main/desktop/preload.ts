/**
 * The only code that both the page and the main process trust. It does one thing: when the page
 * wants to be connected, it hands on the MessagePort that the main process made; and it hands on
 * the commands of the menu. No API is put into the page's world.
 */
import { ipcRenderer } from 'electron'

window.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
  if (source !== window || typeof data !== 'object' || data === null) return
  if ('type' in data && data.type === 'odradek-port-wanted') ipcRenderer.send('odradek:port-wanted')
})

ipcRenderer.on('odradek:port', ({ ports }) => {
  window.postMessage({ type: 'odradek-port' }, '*', [...ports])
})

ipcRenderer.on('odradek:command', (_, command: unknown) => {
  window.postMessage({ type: 'odradek-command', command }, '*')
})
