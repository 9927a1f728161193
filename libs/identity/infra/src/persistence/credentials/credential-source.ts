import type { ApiKeyCredential } from '@feather-identity/core';

/** The credentials of the public parts that it was made for, as they were at one moment; null for an unknown one. */
export type CredentialSnapshot = (keyPrefix: string) => ApiKeyCredential | null;

/** Reads credentials past the ORM. */
export interface CredentialSource {
  /** Statements that reached the database since the process started. */
  readonly queries: number;
  snapshot(keyPrefixes: readonly string[]): Promise<CredentialSnapshot>;
}
