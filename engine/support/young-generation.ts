/**
 * MB that V8 may take for the new objects of a thread that makes much small garbage: three times a
 * semi-space. By itself it lets them grow to more than a hundred before it looks which of them live.
 */
export const YOUNG_GENERATION_MB_MAX = 12
