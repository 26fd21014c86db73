/**
 * The environment failed us: a full disk, a taken port, a folder that cannot be read. Nobody's
 * bug, and the protocol has no code for it; it ends at the broker's state and the screen.
 */
export class OperationalError extends Error {
  override readonly name = 'OperationalError'
}
