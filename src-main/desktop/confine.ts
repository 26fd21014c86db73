/**
 * What pages may not do, whatever runs in them: navigate away, open windows, embed other pages,
 * use devices. Links to the outside go to the system's browser, over https alone, and after a
 * question where the address is not one of ours.
 */
import { app, dialog, session, shell, type WebContents } from 'electron'
import { PAGE_ORIGIN } from './page-protocol.ts'

/** Hosts that the application's own texts link to. */
const knownHosts: readonly string[] = ['kafka.apache.org', 'cwiki.apache.org', 'github.com']

/** Copy buttons write text to the clipboard. Nothing else is asked for by our pages. */
const permissions: readonly string[] = ['clipboard-sanitized-write']

/** When the application is ready, before the first window. */
export function confinePages(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permissions.includes(permission) && isOurs(contents.getURL()))
  })
  defaultSession.setPermissionCheckHandler((_, permission, origin) => {
    return permissions.includes(permission) && isOurs(origin)
  })
  app.on('web-contents-created', (_, contents) => confine(contents))
}

export function isOurs(url: string): boolean {
  try {
    // A custom scheme has no `origin` of its own in Node, so its parts are compared.
    const { protocol, host } = new URL(url)
    return `${protocol}//${host}` === PAGE_ORIGIN
  } catch {
    // What is not an address is not ours.
    return false
  }
}

function confine(contents: WebContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!isOurs(url)) event.preventDefault()
  })
  contents.on('will-redirect', (event, url) => {
    if (!isOurs(url)) event.preventDefault()
  })
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url)
    return { action: 'deny' }
  })
}

/** Opens an https address in the system's browser, if need be after asking. Others are ignored. */
export async function openOutside(address: string): Promise<void> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol !== 'https:') return
  if (!knownHosts.includes(url.host) && !(await confirmed(url))) return
  await shell.openExternal(url.href)
}

async function confirmed(url: URL): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `Open ${url.host} in the browser?`,
    detail: url.href,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  })
  return response === 0
}
