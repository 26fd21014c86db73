/** The application itself and its sample shop. */
import type { Problem } from '../define.ts'

export interface SampleStatus {
  readonly state: 'absent' | 'starting' | 'running' | 'stopping' | 'stopped' | 'removing' | 'failed'
  readonly cluster: string
  /** Topics and groups that belong to the sample shop, whether they exist yet or not. */
  readonly topics: readonly string[]
  readonly groups: readonly string[]
  /** Since it was started in this process. */
  readonly producedCount: bigint
  readonly consumedCount: bigint
  readonly problem: Problem | null
}

export interface ApplicationInfo {
  readonly version: string
  readonly mode: 'desktop' | 'web'
  /** As `linux x64`. */
  readonly platform: string
  readonly runtime: string
  readonly dataFolder: string | null
  readonly startedAtMs: bigint
  /** What works on this machine, as `odradek doctor` prints it. */
  readonly doctor: readonly DoctorLine[]
}

/** Where an application is reached from outside, by whoever may read its instance file. */
export interface ControlAddress {
  /** As `http://127.0.0.1:40123`. */
  readonly url: string
  /** Of this start: sent as `Authorization: Bearer …`. */
  readonly token: string
}

export interface DoctorLine {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'missing'
  readonly detail: string
  readonly remedy: string | null
}
