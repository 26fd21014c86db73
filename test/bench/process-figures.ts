/** CPU time and memory of other processes, from /proc; null where there is none. */
import { readFileSync } from 'node:fs'

/** Linux counts a process's time in hundredths of a second, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100

/** User and system time of all threads, in seconds. */
export function cpuSeconds(processIds: readonly number[]): number | null {
  return sum(processIds, processId => {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1')
    // The command's name stands in parentheses and may hold spaces; the fields follow it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  })
}

/** Resident memory in megabytes of 10^6 bytes. */
export function residentMegabytes(processIds: readonly number[]): number | null {
  return sum(processIds, processId => {
    const status = readFileSync(`/proc/${processId}/status`, 'latin1')
    return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024) / 1e6
  })
}

function sum(processIds: readonly number[], read: (processId: number) => number): number | null {
  try {
    return processIds.reduce((total, processId) => total + read(processId), 0)
  } catch {
    // No /proc on this system, or the process has ended.
    return null
  }
}
