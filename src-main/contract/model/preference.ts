/** What a user keeps under a name: the same in every window, whichever browser shows it. */

/** Names of one collection, and characters of all of its texts. */
export const KEPT_ITEMS_MAX = 500
export const KEPT_CHARS_MAX = 4_000_000

export interface KeptItem {
  readonly name: string
  /** Whatever the page wrote. It reads it with care: an older page may have written it. */
  readonly text: string
}
