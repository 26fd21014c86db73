/** What a node says about itself. Messages name the thing and the value, in lower case. */
export interface Logger {
  info(message: string): void
  warn(message: string): void
  error(message: string, error?: unknown): void
}
