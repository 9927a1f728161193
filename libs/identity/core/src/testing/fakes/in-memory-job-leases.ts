import { JobLeases } from '../../application/ports/job-leases.js';

/** Leases in memory. */
export class InMemoryJobLeases extends JobLeases {
  readonly #leases = new Map<string, { readonly holder: string; readonly until: number }>();

  override async acquire(job: string, holder: string, now: Date, until: Date): Promise<boolean> {
    const current = this.#leases.get(job);
    if (current !== undefined && current.holder !== holder && current.until > now.getTime()) return false;
    this.#leases.set(job, { holder, until: until.getTime() });
    return true;
  }
}
