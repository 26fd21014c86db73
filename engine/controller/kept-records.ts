/**
 * What the metadata log says about access and quotas: ACLs, SCRAM credentials, delegation tokens,
 * client quotas. Nothing here acts on it. The latest record of each is kept as it came, so that a
 * snapshot of a log that another controller wrote loses none.
 */
import type {
  MetadataRecord,
  MetadataRecordInput,
} from '../protocol/metadata-records/metadata-record.ts'
import { assertNever } from '../support/assert.ts'

type OfType<T extends MetadataRecord['type']> = Extract<MetadataRecord, { readonly type: T }>

/** A record that is kept until another one takes it away, or its place. */
type KeptRecord = OfType<
  | 'AccessControlEntryRecord'
  | 'UserScramCredentialRecord'
  | 'DelegationTokenRecord'
  | 'ClientQuotaRecord'
>

export type KeptRecordChange =
  | KeptRecord
  | OfType<
      | 'RemoveAccessControlEntryRecord'
      | 'RemoveUserScramCredentialRecord'
      | 'RemoveDelegationTokenRecord'
    >

export class KeptRecords {
  readonly #byKey = new Map<string, KeptRecord>()

  apply(record: KeptRecordChange): void {
    switch (record.type) {
      case 'AccessControlEntryRecord':
        this.#byKey.set(aclKey(record.value), record)
        return
      case 'RemoveAccessControlEntryRecord':
        this.#byKey.delete(aclKey(record.value))
        return
      case 'UserScramCredentialRecord':
        this.#byKey.set(scramKey(record.value), ownBytes(record))
        return
      case 'RemoveUserScramCredentialRecord':
        this.#byKey.delete(scramKey(record.value))
        return
      case 'DelegationTokenRecord':
        this.#byKey.set(tokenKey(record.value), record)
        return
      case 'RemoveDelegationTokenRecord':
        this.#byKey.delete(tokenKey(record.value))
        return
      case 'ClientQuotaRecord':
        if (record.value.remove) this.#byKey.delete(quotaKey(record.value))
        else this.#byKey.set(quotaKey(record.value), record)
        return
      default:
        assertNever(record)
    }
  }

  /** In the order in which they came. */
  records(): Iterable<MetadataRecordInput> {
    return this.#byKey.values()
  }

  /** Takes what another holds in place of all that is here. */
  refill(from: KeptRecords): void {
    this.#byKey.clear()
    for (const [key, record] of from.#byKey) this.#byKey.set(key, record)
  }
}

function aclKey({ id }: { readonly id: string }): string {
  return JSON.stringify(['acl', id])
}

function scramKey({ name, mechanism }: { readonly name: string; readonly mechanism: number }) {
  return JSON.stringify(['scram', name, mechanism])
}

function tokenKey({ tokenId }: { readonly tokenId: string }): string {
  return JSON.stringify(['token', tokenId])
}

/** An entity is a set: a user, a client id, or both, in any order. */
function quotaKey({ entity, key }: OfType<'ClientQuotaRecord'>['value']): string {
  const named = entity.map(({ entityType, entityName }) => [entityType, entityName])
  return JSON.stringify(['quota', key, named.map(each => JSON.stringify(each)).sort()])
}

/** Decoded bytes are views of a buffer that was read, and would keep all of it. */
function ownBytes({ type, value }: OfType<'UserScramCredentialRecord'>) {
  const { salt, storedKey, serverKey } = value
  return {
    type,
    value: {
      ...value,
      salt: new Uint8Array(salt),
      storedKey: new Uint8Array(storedKey),
      serverKey: new Uint8Array(serverKey),
    },
  }
}
