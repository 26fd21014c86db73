/**
 * What a Node that runs Odradek is told of memory, and can only be told before it begins. Plain
 * JavaScript, because it is read before anything is installed.
 */

/** Bytes. glibc's own default, which it raises as it goes unless it was said. */
const GLIBC_THRESHOLD = '131072'

/**
 * glibc gives each thread a heap of its own, keeps in each what was freed there, and keeps the more
 * the larger what was freed was. Two heaps for all, whose limits stay those that it begins with, hold
 * some 30 MB less after half an hour of load, and do not grow.
 */
export const heapEnvironment =
  process.platform === 'linux'
    ? {
        MALLOC_ARENA_MAX: '2',
        MALLOC_TRIM_THRESHOLD_: GLIBC_THRESHOLD,
        MALLOC_MMAP_THRESHOLD_: GLIBC_THRESHOLD,
      }
    : {}

/**
 * The main thread's young generation: by default it may grow to more than a hundred MB before it is
 * collected. Other threads have limits of their own, before which the flag would go: `odradek` takes it
 * back before it starts them.
 */
export const heapFlags = ['--max-semi-space-size=4']
