import { expect, test } from 'vitest'
import { declaredApis } from '../../../engine/protocol/declared-apis.ts'
import { findDeclarations } from '../../schemas/declarations.ts'

test('every declared request is listed with its response', async () => {
  const declarations = await findDeclarations()
  const requests = declarations.filter(
    ({ message }) => message.apiKey !== undefined && message.name.endsWith('Request'),
  )
  expect(requests.length).toBeGreaterThan(40)
  for (const { message } of requests) {
    const listed = declaredApis.get(message.apiKey!)
    expect(listed?.request).toBe(message)
    expect(listed?.response.name).toBe(message.name.replace(/Request$/, 'Response'))
    expect(listed?.response.apiKey).toBe(message.apiKey)
  }
})
