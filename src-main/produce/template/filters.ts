/** What can stand after a bar in `{{… | …}}`. Pure. */
import type { Call } from './parse-template.ts'
import type { Fail } from './generators.ts'

export type Filter = (text: string) => string

const PAD_MAX = 1_000

export const filters: Readonly<
  Record<string, { readonly usage: string; compile(call: Call, fail: Fail): Filter }>
> = {
  json: {
    usage: '{{name | json}}: as a JSON string, quotation marks included',
    compile: plain(text => JSON.stringify(text)),
  },
  upper: { usage: '{{word | upper}}', compile: plain(text => text.toUpperCase()) },
  lower: { usage: '{{uuid | lower}}', compile: plain(text => text.toLowerCase()) },
  base64: {
    usage: '{{name | base64}}',
    compile: plain(text => Buffer.from(text).toString('base64')),
  },
  hex: { usage: '{{name | hex}}', compile: plain(text => Buffer.from(text).toString('hex')) },
  pad: {
    usage: '{{sequence | pad 8}}: zeros before it, up to this many characters',
    compile(call, fail) {
      const width = Number(call.arguments[0]?.text ?? NaN)
      if (!Number.isInteger(width) || width < 1 || width > PAD_MAX)
        throw fail(`pad wants a number from 1 to ${PAD_MAX}`, call.arguments[0])
      if (call.arguments.length > 1) throw fail('pad takes one number', call.arguments[1])
      return text => text.padStart(width, '0')
    },
  },
}

function plain(filter: Filter): (call: Call, fail: Fail) => Filter {
  return (call, fail) => {
    const [extra] = call.arguments
    if (extra !== undefined) throw fail(`${call.name.text} takes no ${extra.text}`, extra)
    return filter
  }
}
