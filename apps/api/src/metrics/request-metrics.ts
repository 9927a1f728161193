/** The upper bounds of the histogram, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] as const;

/** Others that a client may think of share one label, so that no client can make more. */
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What answers with these statuses mean. */
const MEANINGS: Readonly<Record<number, string>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_found',
  409: 'conflict',
  429: 'limited',
  503: 'unavailable',
};

/** All values of the label `outcome`. */
export const OUTCOMES: readonly string[] = [...new Set(Object.values(MEANINGS)), 'answered', 'invalid', 'failed'];

/** The histogram of the requests with the same labels. */
class Durations {
  /** Requests by the first bound that they did not exceed; the last number is of those that exceeded all. */
  readonly #counts = Array<number>(BOUNDS.length + 1).fill(0);
  #sum = 0;

  constructor(readonly labels: string) {}

  observe(seconds: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > (BOUNDS[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  linesOf(name: string): string[] {
    let total = 0;
    const buckets = this.#counts.map((count, index) => {
      total += count;
      return `${name}_bucket{${this.labels},le="${BOUNDS[index] ?? '+Inf'}"} ${total}`;
    });
    return [...buckets, `${name}_sum{${this.labels}} ${this.#sum}`, `${name}_count{${this.labels}} ${total}`];
  }
}

/**
 * How long requests took, by method, route, class of status and outcome. A histogram of prom-client would take
 * 0.8 microseconds of every request; this one takes 0.05 (ADR 43).
 */
export class RequestMetrics {
  readonly #durations = new Map<string, Map<string, Map<number, Durations>>>();
  readonly #byLabels = new Map<string, Durations>();

  /** @param route - The pattern of the route, never a path; undefined if the request had none. */
  observe(method: string, route: string | undefined, status: number, seconds: number): void {
    const durations = this.#durations
      .get(route ?? 'unmatched')
      ?.get(method)
      ?.get(status);
    (durations ?? this.add(method, route ?? 'unmatched', status)).observe(seconds);
  }

  /** The histogram in the text format of Prometheus. */
  toText(): string {
    const name = 'feather_http_request_duration_seconds';
    return [
      `# HELP ${name} Requests and how long they took, by method, route, class of status and outcome.`,
      `# TYPE ${name} histogram`,
      ...[...this.#byLabels.values()].flatMap((durations) => durations.linesOf(name)),
      '',
    ].join('\n');
  }

  private add(method: string, route: string, status: number): Durations {
    const labels = [
      `method="${METHODS.includes(method) ? method : 'other'}"`,
      `route="${route.replace(/["\\]/g, '\\$&')}"`,
      `status_class="${Math.trunc(status / 100)}xx"`,
      `outcome="${outcomeOf(status)}"`,
    ].join(',');
    const durations = getOrSet(this.#byLabels, labels, () => new Durations(labels));
    const byMethod = getOrSet(this.#durations, route, () => new Map<string, Map<number, Durations>>());
    getOrSet(byMethod, method, () => new Map<number, Durations>()).set(status, durations);
    return durations;
  }
}

function outcomeOf(status: number): string {
  if (status < 400) return 'answered';
  return MEANINGS[status] ?? (status < 500 ? 'invalid' : 'failed');
}

function getOrSet<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
