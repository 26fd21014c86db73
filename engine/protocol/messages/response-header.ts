/**
 * What stands before every response. Version 1 is flexible and belongs to flexible responses,
 * except to ApiVersions, which always answers with version 0.
 */
import { int32, message, type Infer } from '../schema.ts'

export const responseHeader = message({
  name: 'ResponseHeader',
  versions: [0, 1],
  flexibleSince: 1,
  fields: {
    correlationId: int32(),
  },
})
export type ResponseHeader = Infer<typeof responseHeader>
