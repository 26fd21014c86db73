/**
 * What stands before every request. Version 2 is flexible and belongs to flexible requests; version
 * 0 was for ControlledShutdown alone and went in 4.0.
 */
import { int16, int32, message, nullableString, type Infer } from '../schema.ts'

export const requestHeader = message({
  name: 'RequestHeader',
  versions: [1, 2],
  flexibleSince: 2,
  fields: {
    requestApiKey: int16(),
    requestApiVersion: int16(),
    correlationId: int32(),
    // Two bytes of length even in version 2, so that any broker can read the header of an
    // ApiVersions request that is newer than itself.
    clientId: nullableString({ flexible: false, default: '' }),
  },
})
export type RequestHeader = Infer<typeof requestHeader>
