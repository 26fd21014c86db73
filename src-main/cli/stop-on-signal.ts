/** SIGTERM and Ctrl-C stop the cluster cleanly. A second one ends the process at once. */
import type { Application } from '../application/start-application.ts'

export function stopOnSignal(application: Application): void {
  let stopping = false
  const stop = () => {
    // The data survives a kill at any moment, so the impatient lose nothing acknowledged.
    if (stopping) process.exit(1)
    stopping = true
    application.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`odradek: ${error instanceof Error ? error.stack : String(error)}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}
