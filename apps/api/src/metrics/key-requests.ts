/** The busiest keys, which Prometheus is shown. */
const SHOWN = 1000;

/** More keys than that are counted, so that one which becomes busy is noticed. */
const KEPT = 4 * SHOWN;

/**
 * Counts requests by key. Memory and labels are bounded: when `KEPT` keys are counted, all but the `SHOWN` busiest are
 * forgotten, and begin again at zero.
 */
export class KeyRequests {
  readonly #counts = new Map<string, { requests: number }>();

  count(apiKeyId: string): void {
    const known = this.#counts.get(apiKeyId);
    if (known !== undefined) {
      known.requests += 1;
      return;
    }
    if (this.#counts.size >= KEPT) this.forgetOthers();
    this.#counts.set(apiKeyId, { requests: 1 });
  }

  /** The busiest keys and their requests. */
  busiest(): (readonly [apiKeyId: string, requests: number])[] {
    return [...this.#counts]
      .map(([id, { requests }]) => [id, requests] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(0, SHOWN);
  }

  private forgetOthers(): void {
    const kept = new Set(this.busiest().map(([id]) => id));
    for (const id of this.#counts.keys()) if (!kept.has(id)) this.#counts.delete(id);
  }
}
