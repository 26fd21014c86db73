/** Asks a program on the path for its version. */
import { execFile } from 'node:child_process'

const ANSWER_MS_MAX = 5_000

/** The first line with a digit in it of what the program says, or null where it is not there. */
export function versionOf([file, ...args]: readonly [string, ...string[]]): Promise<string | null> {
  return new Promise(resolve => {
    execFile(file, args, { timeout: ANSWER_MS_MAX }, (error, stdout, stderr) => {
      // Some print their version on standard error, kcat's exit code is 0 all the same.
      const lines = `${stdout}\n${stderr}`.split('\n').map(line => line.trim())
      const line = lines.find(text => /\d/.test(text))
      resolve(error === null ? (line ?? null) : null)
    })
  })
}
