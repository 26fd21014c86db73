/**
 * The address of a page stands after the `#`, so that it works from a file as from a server, and
 * apart from the server's own query, which carries the token: the router's hash history would mix
 * the two.
 */
import { createBrowserHistory, type RouterHistory } from '@tanstack/react-router'

export function hashHistory(): RouterHistory {
  return createBrowserHistory({
    parseLocation: () => placeOf(window.location.hash, window.history.state),
    createHref: href => `${window.location.pathname}${window.location.search}#${href}`,
  })
}

/** `#/local/topics?q=a` → its path and its search. */
export function placeOf(hash: string, state: HistoryState) {
  const href = hash.length > 1 ? hash.slice(1) : '/'
  const searchAt = href.indexOf('?')
  return {
    href,
    pathname: searchAt < 0 ? href : href.slice(0, searchAt),
    search: searchAt < 0 ? '' : href.slice(searchAt),
    hash: '',
    state: state ?? FIRST,
  }
}

type HistoryState = { readonly __TSR_index: number } | null

/** Where nothing was noted yet: the page was just opened. */
const FIRST = { __TSR_index: 0, key: 'first', __TSR_key: 'first' }
