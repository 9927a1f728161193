import type { ApiKeyCredential } from '@feather-identity/core';
import type { DataSource } from 'typeorm';
import { storageFailure } from '../sql/errors.js';
import { dialectOf } from '../tables/columns.js';
import type { CredentialSnapshot, CredentialSource } from './credential-source.js';
import { PostgresCredentialSource } from './postgres-credential-source.js';
import { SqliteCredentialSource } from './sqlite-credential-source.js';

interface LookUp {
  readonly keyPrefix: string;
  readonly resolve: (credential: ApiKeyCredential | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Looks credentials up in batches: all requests that arrive in one turn of the event loop share one read. It runs after
 * the last of them has arrived, so that each sees everything that was committed before it arrived.
 */
export class CredentialLoader {
  #waiting: LookUp[] = [];

  constructor(
    private readonly dataSource: DataSource,
    private readonly source: CredentialSource,
  ) {}

  get queries(): number {
    return this.source.queries;
  }

  /** As `ApiKeyRepository.findCredential`. */
  find(keyPrefix: string): Promise<ApiKeyCredential | null> {
    return new Promise((resolve, reject) => {
      // Immediates run when all sockets that were ready have been read.
      if (this.#waiting.push({ keyPrefix, resolve, reject }) === 1) setImmediate(() => void this.load());
    });
  }

  private async load(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const snapshot = await this.source.snapshot(batch.map(({ keyPrefix }) => keyPrefix));
      for (const lookUp of batch) this.answer(lookUp, snapshot);
    } catch (error) {
      for (const { reject } of batch) reject(storageFailure(this.dataSource, error));
    }
  }

  /** A damaged row fails its own key only. */
  private answer({ keyPrefix, resolve, reject }: LookUp, snapshot: CredentialSnapshot): void {
    try {
      resolve(snapshot(keyPrefix));
    } catch (error) {
      reject(storageFailure(this.dataSource, error));
    }
  }
}

/** The loader for the database behind a data source. */
export function createCredentialLoader(dataSource: DataSource): CredentialLoader {
  const isPostgres = dialectOf(dataSource.options.type) === 'postgres';
  return new CredentialLoader(
    dataSource,
    isPostgres ? new PostgresCredentialSource(dataSource) : new SqliteCredentialSource(dataSource),
  );
}
