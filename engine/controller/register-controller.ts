/** ControllerRegistration: a controller says where it listens and what it supports (KIP-919). */
import type {
  ControllerRegistrationRequest,
  ControllerRegistrationResponse,
} from '../protocol/messages/controller-registration.ts'
import type { Handled } from './handled.ts'

export function registerController({
  controllerId,
  incarnationId,
  zkMigrationReady,
  listeners,
  features,
}: ControllerRegistrationRequest): Handled<ControllerRegistrationResponse> {
  const value = {
    controllerId,
    incarnationId,
    zkMigrationReady,
    endPoints: listeners,
    features,
  }
  return {
    records: [{ type: 'RegisterControllerRecord', value }],
    response: { throttleTimeMs: 0, errorCode: 0, errorMessage: null },
  }
}
