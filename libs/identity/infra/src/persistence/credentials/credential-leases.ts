import type { DataSource } from 'typeorm';
import type { CredentialSource } from './credential-source.js';
import { CredentialLease, LeaseKeeper, type LeaseListener } from './lease-protocol.js';
import { CredentialMemory, LeasedCredentialSource } from './leased-credential-source.js';
import { PostgresLeaseDatabase, PROCESS_CLOCKS } from './postgres-leases.js';

/** The state of this process's credential lease. */
export interface CredentialLeaseState {
  /** Whether the lease is held now. */
  readonly isHeld: boolean;
  /** Credentials in memory. */
  readonly size: number;
}

/** The lease of this process on the credentials of one PostgreSQL database, and what it holds in memory. */
export class CredentialLeases implements CredentialLeaseState {
  readonly #memory = new CredentialMemory();
  readonly #lease = new CredentialLease(this.#memory, PROCESS_CLOCKS);
  readonly #keeper: LeaseKeeper;

  constructor(dataSource: DataSource, onChange?: LeaseListener) {
    this.#keeper = new LeaseKeeper(this.#lease, new PostgresLeaseDatabase(dataSource), PROCESS_CLOCKS, onChange);
  }

  get isHeld(): boolean {
    return this.#lease.isHeld;
  }

  get size(): number {
    return this.#memory.size;
  }

  /** Answers from memory in place of `source`. The lease begins with the first look-up: a command has none. */
  over(source: CredentialSource): CredentialSource {
    const leased = new LeasedCredentialSource(source, this.#memory, this.#lease, PROCESS_CLOCKS);
    return {
      get queries() {
        return source.queries;
      },
      held: (keyPrefix) => leased.held(keyPrefix),
      snapshot: (keyPrefixes) => {
        this.#keeper.start();
        return leased.snapshot(keyPrefixes);
      },
    };
  }

  /** Has the credentials of a secret read again: its proof was renewed, and nobody waits for that. */
  forget(secretId: string): void {
    this.#lease.drop(secretId);
  }

  /** Gives the lease up for good. Credentials are looked up each time from then on. */
  stop(): Promise<void> {
    return this.#keeper.stop();
  }
}
