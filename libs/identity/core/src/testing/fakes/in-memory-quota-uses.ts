import { type QuotaUse, QuotaUses } from '../../application/ports/quota-uses.js';

/** Counts in memory. */
export class InMemoryQuotaUses extends QuotaUses {
  readonly stored = new Map<string, QuotaUse>();

  override async find(of: Omit<QuotaUse, 'used'>): Promise<number> {
    const stored = this.stored.get(of.apiKeyId);
    return stored !== undefined && isSame(stored, of) ? stored.used : 0;
  }

  override async add(uses: readonly QuotaUse[]): Promise<readonly (number | null)[]> {
    return uses.map((use) => {
      const stored = this.stored.get(use.apiKeyId);
      if (stored?.period === use.period && stored.startsAt > use.startsAt) return null;
      const used = use.used + (stored !== undefined && isSame(stored, use) ? stored.used : 0);
      this.stored.set(use.apiKeyId, { ...use, used });
      return used;
    });
  }
}

function isSame(one: QuotaUse, other: Omit<QuotaUse, 'used'>): boolean {
  return one.period === other.period && one.startsAt.getTime() === other.startsAt.getTime();
}
