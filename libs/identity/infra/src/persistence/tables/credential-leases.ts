import { EntitySchema } from 'typeorm';
import type { TableOptions } from './columns.js';

/**
 * A row of `credential_leases`: an instance that may answer from credentials in its memory. Only PostgreSQL has rows, in
 * an UNLOGGED table: it is empty after a crash and on a promoted standby, as it should be.
 */
export class CredentialLeaseRow {
  /** Drawn anew for each lease. The row `COMPLETE_ID` says that no lease is missing in the table. */
  id!: string;
  /** How often the lease was renewed. */
  renewals!: string;
  /** The version (`txid_current()`) up to which the instance has dropped what was changed. */
  confirmed!: string;
}

/** Its row is there once a whole lease has passed since the table was emptied. No instance has this id. */
export const COMPLETE_ID = '00000000-0000-0000-0000-000000000000';

/** What is confirmed by a row that no write waits for: the greatest bigint. */
export const CONFIRMED_FOR_EVER = '9223372036854775807';

/** Name of the triggers on each of the guarded tables. */
export const GUARD_TRIGGER = 'identity_credential_guard';

/**
 * The first 32 bits of an advisory lock; the others are the oid of `credential_leases`. No lease is renewed while a
 * transaction has it.
 */
export const GUARD_LOCK = 1_181_054_056;

/** The same of the lock that the session of each lease has. */
export const HOLDER_LOCK = 1_181_054_057;

/** The first part of the name of the channel; the rest is the oid of `credential_leases`. */
export const CHANNEL = 'feather_identity_';

/** A transaction that sets this to `on` waits after its commit until every lease has confirmed what it changed. */
export const AWAITS = 'feather_identity.awaits';

/** How `CredentialLeaseRow` is stored. */
export function credentialLeaseSchema({ types, placedIn }: TableOptions): EntitySchema<CredentialLeaseRow> {
  return new EntitySchema<CredentialLeaseRow>({
    name: 'CredentialLeaseRow',
    target: CredentialLeaseRow,
    ...placedIn('credential_leases'),
    columns: {
      id: { type: types.id, name: 'id', primary: true },
      renewals: { type: 'bigint', name: 'renewals' },
      confirmed: { type: 'bigint', name: 'confirmed' },
    },
  });
}
