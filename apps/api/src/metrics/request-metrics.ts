import { Histogram, type Registry } from 'prom-client';

/** The upper bounds of the histogram, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

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

/** An answered request. */
interface AnsweredRequest {
  readonly method: string;
  /** The pattern of the route, never a path; undefined if the request had none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
}

/** Measures how long requests take, by method, route, class of status and outcome. */
export function measureRequests(registry: Registry): (request: AnsweredRequest) => void {
  const durations = new Histogram({
    name: 'feather_http_request_duration_seconds',
    help: 'Requests and how long they took, by method, route, class of status and outcome.',
    labelNames: ['method', 'route', 'status_class', 'outcome'],
    buckets: BOUNDS,
    registers: [registry],
  });
  return ({ method, route = 'unmatched', status, seconds }) => {
    durations.observe(
      {
        method: METHODS.includes(method) ? method : 'other',
        route,
        status_class: `${Math.trunc(status / 100)}xx`,
        outcome: outcomeOf(status),
      },
      seconds,
    );
  };
}

function outcomeOf(status: number): string {
  if (status < 400) return 'answered';
  return MEANINGS[status] ?? (status < 500 ? 'invalid' : 'failed');
}
