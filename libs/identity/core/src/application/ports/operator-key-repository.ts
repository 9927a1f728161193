import type { OperatorEvent, StoredOperatorKey, OperatorKey } from '../../domain/operator-key.js';

/** An operator key and the event that records it, stored together or not at all. */
export interface NewOperatorKey extends StoredOperatorKey {
  readonly event: OperatorEvent;
}

/** What a use of an operator key leaves: when it was, and the proof that takes the place of the stored one. */
export interface OperatorKeyUse {
  readonly at: Date;
  readonly renewedProof?: string | undefined;
}

/** Which events to list: newest first, beginning after the event `after`. */
export interface OperatorEventQuery {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** The keys of the operator, and the events of the installation. It fails as `ApiKeyRepository` does. */
export abstract class OperatorKeyRepository {
  /** Throws `api_key.conflict` when the id or public part is taken. */
  abstract insert(created: NewOperatorKey): Promise<void>;

  /** All operator keys, also revoked ones, newest first by id. */
  abstract list(): Promise<OperatorKey[]>;

  /** Whether an operator key was ever made. */
  abstract exists(): Promise<boolean>;

  /** The operator key with exactly this public part, in any state. Shows what was committed before the call. */
  abstract find(keyPrefix: string): Promise<StoredOperatorKey | null>;

  /** Revokes the key at the event's instant. False when there is none or it was revoked before; then nothing is stored. */
  abstract revoke(id: string, event: OperatorEvent): Promise<boolean>;

  /** Records a use. An earlier instant never replaces a later one; an unknown id is ignored. */
  abstract recordUse(id: string, use: OperatorKeyUse): Promise<void>;

  /** The events of the installation, newest first by id, at most `limit`. */
  abstract listEvents(query: OperatorEventQuery): Promise<OperatorEvent[]>;
}
