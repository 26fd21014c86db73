export const heapEnvironment: Readonly<Record<string, string>>
export const heapFlags: readonly string[]
