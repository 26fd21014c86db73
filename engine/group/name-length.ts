/**
 * A string of the protocol has 32,767 bytes at most, and a member id is a name with more behind it.
 * What is to be kept is measured when it comes in, so that writing it cannot fail later.
 */

/** Leaves room for the UUID that makes a member id of a client's name. */
export const NAME_BYTES_MAX = 32_700

const UTF8_BYTES_PER_UNIT_MAX = 3

export function nameTooLong(name: string): boolean {
  // Nearly every name is short enough whatever it is made of.
  if (name.length * UTF8_BYTES_PER_UNIT_MAX <= NAME_BYTES_MAX) return false
  return new TextEncoder().encode(name).length > NAME_BYTES_MAX
}
