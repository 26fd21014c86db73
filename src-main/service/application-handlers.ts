/** The application itself and its sample shop. */
import type {
  ApplicationInfo,
  ControlAddress,
  SampleStatus,
} from '../contract/model/application.ts'
import type { Commands } from './handlers.ts'

/** The sample shop, as far as the service needs it; `src-main/sample` has it. */
export interface SampleControl {
  status(): SampleStatus
  start(): Promise<SampleStatus>
  stop(): Promise<SampleStatus>
  /** Stops it, and deletes its topics and groups. */
  remove(): Promise<SampleStatus>
  onChange(listener: (status: SampleStatus) => void): () => void
}

export function applicationHandlers(
  sample: SampleControl,
  info: () => Promise<ApplicationInfo>,
  control: ControlAddress | null,
) {
  const commands = {
    'app.info': () => info(),
    'app.control': async () => control,
    'sample.status': async () => sample.status(),
    'sample.start': () => sample.start(),
    'sample.stop': () => sample.stop(),
    'sample.remove': () => sample.remove(),
  } satisfies Commands
  return { commands }
}
