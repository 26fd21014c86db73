import { OperationalError } from '../../../engine/support/operational-error.ts'
import { MemoryDisk } from '../../simulation/memory-disk.ts'

/** Refuses whole small files while it is told to, as a full disk does. */
export class FullableDisk extends MemoryDisk {
  isFull = false

  override writeFileAtomically(
    path: string,
    bytes: Uint8Array,
    options: { readonly durable: boolean },
  ): void {
    if (this.isFull) throw new OperationalError('the disk is full (ENOSPC)')
    super.writeFileAtomically(path, bytes, options)
  }
}
