import type { Page } from '@playwright/test'

/** Requests of one method wait in the page until they are released. */
export async function holdRequests(page: Page, method: string): Promise<() => void> {
  const held: (() => void)[] = []
  let holds = true
  await page.routeWebSocket(/\/contract/, socket => {
    const server = socket.connectToServer()
    socket.onMessage(frame => {
      const pass = () => server.send(frame)
      if (holds && frame.toString().includes(method)) held.push(pass)
      else pass()
    })
  })
  return () => {
    holds = false
    for (const pass of held) pass()
  }
}
