/** Names what failed in the reports of vitest and Playwright: file, test, and the error's first line. */

type Json = Record<string, unknown>

/** Of vitest's JSON report. */
export function failedInVitest(report: Json): readonly string[] {
  return list(report['testResults']).flatMap(file => {
    const cases = list(file['assertionResults']).filter(each => each['status'] === 'failed')
    const failed = cases.map(each => {
      const [message] = each['failureMessages'] as readonly string[]
      return line(String(file['name']), String(each['fullName']), message)
    })
    // A file that breaks outside of its tests has a message of its own.
    const broken = failed.length === 0 && file['status'] === 'failed'
    return broken ? [line(String(file['name']), 'the file', String(file['message']))] : failed
  })
}

/** Of Playwright's JSON report, whose suites lie in each other. */
export function failedInPlaywright(report: Json): readonly string[] {
  return list(report['suites']).flatMap(suite => [
    ...failedInPlaywright(suite),
    ...list(suite['specs'])
      .filter(spec => spec['ok'] === false)
      .map(spec => {
        const results = list(spec['tests']).flatMap(each => list(each['results']))
        const error = results.map(each => each['error'] as Json | undefined).find(each => each)
        return line(
          String(spec['file']),
          String(spec['title']),
          (error?.['message'] ?? '') as string,
        )
      }),
  ])
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : []
}

function line(file: string, title: string, message = ''): string {
  // Colours of a terminal do not belong into a list.
  // oxlint-disable-next-line no-control-regex
  const plain = message.replaceAll(/\u001B\[[\d;]*m/g, '')
  const reason = plain.split('\n').find(each => each.trim() !== '')
  return `${file.replace(/^.*\/(?=test\/)/, '')}: ${title}${reason === undefined ? '' : `: ${reason.trim()}`}`
}
