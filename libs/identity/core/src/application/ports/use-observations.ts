import type { ObservedStretch } from '../../domain/observed-time.js';

/** Records in which stretches of time the uses of keys were written. It fails as `ApiKeyRepository` does. */
export abstract class UseObservations {
  /**
   * Records that uses were written up to now: prolongs a stretch that ended at most `MAX_OBSERVATION_GAP_MS` before, or
   * begins one. Never shortens a stretch.
   */
  abstract record(now: Date): Promise<void>;

  /** All stretches, in any order; they may overlap. */
  abstract list(): Promise<readonly ObservedStretch[]>;
}
