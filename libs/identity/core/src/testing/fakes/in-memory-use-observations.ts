import { UseObservations } from '../../application/ports/use-observations.js';
import { MAX_OBSERVATION_GAP_MS, type ObservedStretch } from '../../domain/observed-time.js';

/** Observations in memory. */
export class InMemoryUseObservations extends UseObservations {
  stretches: ObservedStretch[] = [];

  /** As if uses had always been written, and will be. */
  observeAlways(): void {
    this.stretches = [{ startedAt: new Date(0), endedAt: new Date('2200-01-01T00:00:00Z') }];
  }

  override async record(now: Date): Promise<void> {
    const goesOn = ({ startedAt, endedAt }: ObservedStretch) =>
      startedAt <= now && now.getTime() - endedAt.getTime() <= MAX_OBSERVATION_GAP_MS;
    if (!this.stretches.some(goesOn)) this.stretches.push({ startedAt: now, endedAt: now });
    this.stretches = this.stretches.map((stretch) =>
      goesOn(stretch) && stretch.endedAt < now ? { ...stretch, endedAt: now } : stretch,
    );
  }

  override async list(): Promise<readonly ObservedStretch[]> {
    return [...this.stretches];
  }
}
