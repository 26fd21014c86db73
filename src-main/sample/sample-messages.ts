/** What the application and the sample's worker say to each other. */

export interface SampleWorkerData {
  readonly bootstrap: readonly string[]
  /** Whether the shop has just been opened, and a past is to be written for it. */
  readonly withHistory: boolean
}

/** To the worker: finish what is under way, leave the groups, and end. */
export interface StopMessage {
  readonly type: 'stop'
}

export type WorkerMessage =
  | { readonly type: 'running' }
  | { readonly type: 'counted'; readonly produced: number; readonly consumed: number }
  | { readonly type: 'failed'; readonly message: string; readonly details: string }
