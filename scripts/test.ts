/**
 * Runs suites one after the other, all of them even when one fails, and closes with a single line
 * that sums up: `N passed, N failed`. A check without test cases (types, lint, format) counts as
 * one; a suite that breaks before it can count its cases counts as one that failed.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildIfStale, rootFolder } from './build.ts'
import { failedInPlaywright, failedInVitest } from './failed-tests.ts'
import { provideDisplay } from './virtual-display.ts'

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** What failed, a line each, as far as it has a name. */
  readonly failures: readonly string[]
}

const bin = join(rootFolder, 'node_modules', '.bin')
const reports = join(rootFolder, 'test-results')

const suites: Readonly<Record<string, () => Promise<Counts>>> = {
  types: () => check('tsc', '--noEmit', '-p', '.'),
  lint: () => check('oxlint', '--type-aware', '--deny-warnings'),
  format: () => check('oxfmt', '--check', '.'),
  unit: () => vitest('unit'),
  renderer: () => vitest('renderer'),
  cluster: () => vitest('cluster'),
  'interop-npm': () => vitest('interop-npm'),
  interop: () => vitest('interop'),
  e2e: () => playwright('e2e'),
  desktop,
}

const quick = ['types', 'lint', 'format', 'unit', 'renderer']
const whole = [...quick, 'cluster', 'interop-npm', 'e2e']

export async function runSuites(args: readonly string[]): Promise<void> {
  const names = args.length === 0 ? whole : args[0] === '--quick' ? quick : args
  const unknown = names.find(name => !Object.hasOwn(suites, name))
  if (unknown !== undefined) {
    process.stderr.write(`there is no suite ${unknown}: ${Object.keys(suites).join(', ')}\n`)
    process.exitCode = 2
    return
  }
  mkdirSync(reports, { recursive: true })
  const results: [string, Counts, number][] = []
  for (const name of names) {
    process.stdout.write(`\n── ${name}\n`)
    const startMs = Date.now()
    const counts = (await suites[name]?.()) ?? BROKEN
    results.push([name, counts, Date.now() - startMs])
  }
  summarize(results)
}

const BROKEN: Counts = { passed: 0, failed: 1, skipped: 0, failures: [] }

function summarize(results: readonly (readonly [string, Counts, number])[]): void {
  process.stdout.write('\n')
  const total = { passed: 0, failed: 0 }
  for (const [name, { passed, failed, skipped }, ms] of results) {
    total.passed += passed
    total.failed += failed
    const aside = skipped === 0 ? '' : `, ${skipped} skipped`
    const figures = `${passed} passed, ${failed} failed${aside}`
    process.stdout.write(`${name.padEnd(12)} ${figures} (${(ms / 1_000).toFixed(1)} s)\n`)
  }
  // Far below the failure itself, where whoever reads the end of a long output finds it.
  for (const [name, { failed, failures }] of results)
    if (failed > 0)
      for (const failure of failures.length === 0 ? ['see above'] : failures)
        process.stdout.write(`✗ ${name}: ${failure}\n`)
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`)
  if (total.failed > 0) process.exitCode = 1
}

async function check(program: string, ...args: string[]): Promise<Counts> {
  const code = await run(join(bin, program), args)
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [] } : BROKEN
}

async function vitest(project: string): Promise<Counts> {
  const report = join(reports, `vitest-${project}.json`)
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const code = await run(join(bin, 'vitest'), ['run', '--project', project, ...reporters])
  return counted(code, report, value => ({
    passed: Number(value['numPassedTests']),
    failed: Number(value['numFailedTests']),
    skipped: Number(value['numPendingTests']) + Number(value['numTodoTests'] ?? 0),
    failures: failedInVitest(value),
  }))
}

async function desktop(): Promise<Counts> {
  const display = await provideDisplay()
  if (display.type === 'ready') return playwright('desktop', display.prefix)
  process.stdout.write(`not run: the desktop tests, because ${display.reason}\n`)
  return process.env['CI'] ? BROKEN : { passed: 0, failed: 0, skipped: 1, failures: [] }
}

/** Page and desktop tests use what a user gets: the built application. */
async function playwright(folder: string, prefix: readonly string[] = []): Promise<Counts> {
  await buildIfStale()
  const report = join(reports, `playwright-${folder}.json`)
  rmSync(report, { force: true })
  const config = join(rootFolder, 'test', folder, 'playwright.config.ts')
  const [file, ...args] = [...prefix, join(bin, 'playwright'), 'test', '-c', config]
  const code = await run(file, args, { PLAYWRIGHT_JSON_OUTPUT_FILE: report })
  return counted(code, report, value => {
    const stats = value['stats'] as Record<string, unknown>
    const { expected, unexpected, flaky, skipped } = stats
    return {
      passed: Number(expected) + Number(flaky),
      failed: Number(unexpected),
      skipped: Number(skipped),
      failures: failedInPlaywright(value),
    }
  })
}

/** A run can fail without a failing case: an unhandled error, a set-up that breaks. */
function counted(
  code: number,
  report: string,
  read: (value: Record<string, unknown>) => Counts,
): Counts {
  try {
    const counts = read(JSON.parse(readFileSync(report, 'utf8')) as Record<string, unknown>)
    const lost = (code !== 0 && counts.failed === 0) || !Number.isInteger(counts.passed)
    return lost ? { ...counts, failed: 1 } : counts
  } catch {
    // It broke before it could report.
    return BROKEN
  }
}

function run(file: string, args: readonly string[], env: object = {}): Promise<number> {
  const windows = process.platform === 'win32'
  const child = spawn(windows ? `${file}.cmd` : file, args, {
    cwd: rootFolder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env, PATH: `${bin}${windows ? ';' : ':'}${process.env['PATH']}` },
    shell: windows,
  })
  return new Promise(resolve => {
    child.on('error', error => {
      process.stderr.write(`${file}: ${error.message}\n`)
      resolve(1)
    })
    child.on('close', code => resolve(code ?? 1))
  })
}
