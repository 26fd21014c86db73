/** Page tests in a real browser, on the built application with a real cluster. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from '@playwright/test'
import { launchOptions, provideBrowser } from './browser.ts'

const browser = await provideBrowser()

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: fileURLToPath(new URL('../../test-results/e2e', import.meta.url)),
  // One application serves the pages of one worker. Much of a test is waiting, for a session to end or a
  // picture to settle, so that two cores serve two of them in little more time than one.
  workers: 2,
  fullyParallel: false,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [
    ['list'],
    [
      'json',
      {
        outputFile:
          process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] ??
          fileURLToPath(new URL('../../test-results/playwright-e2e.json', import.meta.url)),
      },
    ],
  ],
  use: {
    launchOptions: launchOptions(browser),
    // What cannot be clicked is told long before the test's own time is up.
    actionTimeout: 30_000,
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    timezoneId: 'UTC',
    locale: 'en-GB',
  },
})
