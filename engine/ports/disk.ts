/**
 * Files as the engine knows them: synchronous, positional, and honest about what is durable.
 * Every call throws an `OperationalError` that names the path when the system refuses.
 */
export interface Disk {
  /** Opens for reading and writing, and creates the file where there is none. */
  open(path: string): DiskFile
  exists(path: string): boolean
  /** Names in a folder, or null where there is no such folder. */
  list(folder: string): readonly DiskEntry[] | null
  /**
   * When a name in a folder was last made, changed or removed, as exactly as the system has it; null
   * where there is no such folder.
   */
  folderChangedMs(folder: string): number | null
  makeFolder(path: string): void
  readFile(path: string): Uint8Array
  /**
   * Replaces the file as a whole, through a temporary file and a rename. `durable`, the default,
   * also syncs file and folder, so that the change survives a power cut and not only a kill.
   */
  writeFileAtomically(
    path: string,
    bytes: Uint8Array,
    options?: { readonly durable: boolean },
  ): void
  rename(from: string, to: string): void
  /** Makes the names in a folder survive a power cut: files that were made in it, or renamed. */
  flushFolder(path: string): void
  /** Removes a file, or a folder with all it holds; absence is no error. */
  remove(path: string): void
  /** Bytes free for use in the file system of this folder, and its size. */
  space(folder: string): { readonly freeBytes: bigint; readonly totalBytes: bigint }
  /**
   * Claims a folder by a file in it for as long as this process lives. Throws an
   * `OperationalError` that names the holder while another living process has it.
   */
  lock(path: string): FolderLock
}

export interface FolderLock {
  release(): void
}

export interface DiskEntry {
  readonly name: string
  readonly isFolder: boolean
  readonly sizeBytes: number
  readonly modifiedMs: number
}

export interface DiskFile {
  readonly path: string
  sizeBytes(): number
  /** Reads up to `length` bytes into `target` at `targetStart`; returns how many there were. */
  read(target: Uint8Array, targetStart: number, length: number, position: number): number
  /** Writes all of it, at `position`. */
  write(source: Uint8Array, position: number): void
  truncate(sizeBytes: number): void
  /** Makes what was written so far survive a power cut. */
  flush(): void
  /**
   * As `flush`, while the thread goes on: resolves when what was written before the call is safe.
   * One at a time; closing the file meanwhile is no harm.
   */
  flushAside(): Promise<void>
  close(): void
}
