/**
 * Bytes that are no Kafka message: a length that lies, a null where none may be, a field cut short.
 * Ends at the connection, which is closed, as Apache Kafka does; it never reaches a handler.
 */
export class InvalidFrameError extends Error {
  override readonly name = 'InvalidFrameError'
}
