/**
 * For clusters whose records carry times of the test's own: those are past `retention.ms`, and the
 * first look at it is 30 s after the start, which a busy machine reaches while a test goes on.
 */
export const keepsOldRecords = { 'log.retention.ms': '-1' } as const
