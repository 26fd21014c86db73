/**
 * ControllerRegistration (key 70): a controller makes itself known to the active one, with its
 * listeners and what it supports (KIP-919). One version.
 */
import {
  array,
  boolean,
  int16,
  int32,
  message,
  nullableString,
  string,
  struct,
  uint16,
  uuid,
  type Infer,
} from '../schema.ts'

export const controllerRegistrationRequest = message({
  name: 'ControllerRegistrationRequest',
  apiKey: 70,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    controllerId: int32(),
    incarnationId: uuid(),
    zkMigrationReady: boolean(),
    listeners: array(
      struct({
        name: string(),
        host: string(),
        port: uint16(),
        securityProtocol: int16(),
      }),
    ),
    features: array(
      struct({
        name: string(),
        minSupportedVersion: int16(),
        maxSupportedVersion: int16(),
      }),
    ),
  },
})
export type ControllerRegistrationRequest = Infer<typeof controllerRegistrationRequest>

export const controllerRegistrationResponse = message({
  name: 'ControllerRegistrationResponse',
  apiKey: 70,
  versions: [0, 0],
  flexibleSince: 0,
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: nullableString(),
  },
})
export type ControllerRegistrationResponse = Infer<typeof controllerRegistrationResponse>
