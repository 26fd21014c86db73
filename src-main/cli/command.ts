/** What a command is: it reads its options, does its work, and ends in an exit code. */

/** 0 done, 1 the machine or the cluster said no, 2 what was typed is wrong, 3 nothing runs. */
export type ExitCode = 0 | 1 | 2 | 3

/** Null keeps the process going: a cluster runs, and a signal ends it. */
export type Command = (args: readonly string[]) => Promise<ExitCode | null>

export function print(text: string): 0 {
  process.stdout.write(text)
  return 0
}
