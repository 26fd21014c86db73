import { expect, test } from 'vitest'
import { failedInPlaywright, failedInVitest } from '../../scripts/failed-tests.ts'

test('what failed in vitest is named with its file and the first line of its error', () => {
  const report = {
    testResults: [
      {
        name: '/any/where/test/engine/log/segment.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'a segment rolls', failureMessages: [] },
          {
            status: 'failed',
            fullName: 'a segment ends',
            failureMessages: ['\u001B[31mexpected 1 to be 2\u001B[39m\n    at line 3'],
          },
        ],
      },
      {
        name: '/any/where/test/engine/raft.test.ts',
        status: 'failed',
        assertionResults: [],
        message: 'Cannot find module\nand more',
      },
    ],
  }
  expect(failedInVitest(report)).toEqual([
    'test/engine/log/segment.test.ts: a segment ends: expected 1 to be 2',
    'test/engine/raft.test.ts: the file: Cannot find module',
  ])
})

test('what failed in Playwright is found in suites within suites', () => {
  const spec = (title: string, ok: boolean, message?: string) => ({
    title,
    ok,
    file: 'groups.spec.ts',
    tests: [{ results: [{}, message === undefined ? {} : { error: { message } }] }],
  })
  const report = {
    suites: [
      {
        specs: [spec('the list', true)],
        suites: [{ specs: [spec('the lag', false, '\nTimeout 5000ms exceeded')] }],
      },
    ],
  }
  expect(failedInPlaywright(report)).toEqual(['groups.spec.ts: the lag: Timeout 5000ms exceeded'])
})
