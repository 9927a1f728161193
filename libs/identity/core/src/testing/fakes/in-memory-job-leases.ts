import { JobLeases } from '../../application/ports/job-leases.js';

/** Leases in memory. */
export class InMemoryJobLeases extends JobLeases {
  readonly #leases = new Map<string, { readonly holder: string; readonly until: number }>();

  override async acquire(job: string, holder: string, now: Date, until: Date): Promise<boolean> {
    const current = this.#leases.get(job);
    const believed = until.getTime() + (until.getTime() - now.getTime());
    const isHeld = current !== undefined && current.until > now.getTime() && current.until <= believed;
    if (isHeld && current.holder !== holder) return false;
    this.#leases.set(job, { holder, until: until.getTime() });
    return true;
  }
}
