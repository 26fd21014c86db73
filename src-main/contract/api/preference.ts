/** What a user keeps under a name. The application stores it, and the pages alone understand it. */
import { array, literal, object, string, type CheckedBy } from '../check.ts'
import { returns, type Contract } from '../define.ts'
import { KEPT_CHARS_MAX, KEPT_ITEMS_MAX, type KeptItem } from '../model/preference.ts'

/** `views`: of the Messages page, filters among them; `templates`: of the produce panel. */
const collection = literal('views', 'templates')
export type CollectionName = CheckedBy<typeof collection>

const name = string({ minLength: 1, maxLength: 200 })
const text = string({ maxLength: KEPT_CHARS_MAX })

export const preferenceApi = {
  commands: {
    /** Others of the same names give way. `FULL` where there is no room, and then none is kept. */
    'preference.keep': {
      input: object({
        collection,
        items: array(object({ name, text }), { maxLength: KEPT_ITEMS_MAX }),
      }),
      output: returns<null>(),
    },
    /** Names that are not there are not missed. */
    'preference.remove': {
      input: object({ collection, names: array(name, { maxLength: KEPT_ITEMS_MAX }) }),
      output: returns<null>(),
    },
  },
  streams: {
    /** All of them by name: at once, and whenever one changes, in whichever window. */
    'preference.watch': {
      input: object({ collection }),
      item: returns<readonly KeptItem[]>(),
    },
  },
  events: {},
} as const satisfies Contract
