import { expect, test } from 'vitest'
import { documentationText } from '../../../src-main/topics/documentation-text.ts'

test('names stand between backquotes, and nothing of the markup is left', () => {
  const html =
    'Specifies the <i>minimum</i> number.<ul><li>See <code>acks</code>.</li>' +
    '<li><a href="#x">There</a></li></ul>  As &lt;name&gt; &amp; <b>more</b>.<br/>End'
  expect(documentationText(html)).toBe(
    'Specifies the minimum number. See `acks`. There As <name> & more. End',
  )
})

test('what is no markup stays', () => {
  expect(documentationText('a < b and c > d, 5 <6')).toBe('a < b and c > d, 5 <6')
})
