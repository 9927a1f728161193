import type { Quota } from '../../domain/key-limits.js';

/** How many requests a key has made in one day or month. */
export interface QuotaUse {
  readonly apiKeyId: string;
  readonly period: Quota['period'];
  /** When the day or month began. */
  readonly startsAt: Date;
  readonly used: number;
}

/** Counts the requests of keys that have a quota, of one period for each key. It fails as `ApiKeyRepository` does. */
export abstract class QuotaUses {
  /** How many were recorded in this period. */
  abstract find(of: Omit<QuotaUse, 'used'>): Promise<number>;

  /**
   * Adds these to what was recorded, so that several instances add up. A later period, or one of another length, takes the
   * place of the one before; those of an earlier period are ignored. Uses of a key that is not stored need not be kept.
   *
   * @returns how many there are now, for each in order; null for what was ignored
   */
  abstract add(uses: readonly QuotaUse[]): Promise<readonly (number | null)[]>;
}
