import type { IdentityClient } from '../identity-client.js';
import { noAnswer, VerificationUnavailable } from './verification-unavailable.js';
import { readVerdict, type Verdict } from './verdict.js';
import { withTimeout } from './with-timeout.js';

/** Statuses, of a proxy or of the service itself, after which a retry may help. */
const UNREACHABLE_STATUSES = [502, 503, 504];

/** Where a key of an organization, and one of an operator, asks about tokens, and how it finds out whether anybody answers. */
const PATHS = {
  organization: { verify: '/v1/identity/api-keys/verify', probe: '/v1/identity/whoami' },
  operator: { verify: '/v1/operator/api-keys/verify', probe: '/v1/operator/organizations' },
} as const;

/** Says that the guard checks the networks of a key itself. Without it the service refuses a key that is bound to any. */
const CHECKS_NETWORKS = { 'X-Checks-Networks': 'true' };

/** Calls `api-keys/verify` of a running service, one attempt at a time. */
export class VerifyEndpoint {
  constructor(
    private readonly client: IdentityClient,
    readonly timeoutMs: number,
    /** Whose key the application has: that of an operator is asked about the keys of all organizations. */
    private readonly asks: keyof typeof PATHS = 'organization',
  ) {}

  /**
   * The verdict of the service on a token. Waits for `timeoutMs` or `remainingMs`, whichever is less, and rejects only with
   * `VerificationUnavailable`; after a time-out with `timeoutError()`.
   */
  async verify(token: string, remainingMs: number, timeoutError: () => VerificationUnavailable): Promise<Verdict> {
    const ms = Math.min(this.timeoutMs, remainingMs);
    const answer = await withTimeout(ms, (signal) => this.send(token, signal), timeoutError);
    try {
      return readVerdict(answer);
    } catch {
      // Without the reader's error as the cause: JSON.parse quotes what it read.
      throw new VerificationUnavailable('malformed', 'The identity service gave an answer that is not a verdict.');
    }
  }

  /** Whether the service answers a cheap request at all. */
  async isReachable(): Promise<boolean> {
    // Without a span: no request waits for it, and there are many during an outage.
    const probe = (signal: AbortSignal) => this.client.GET(PATHS[this.asks].probe, { signal, fetch });
    try {
      const { response } = await withTimeout(this.timeoutMs, probe, noAnswer);
      return !UNREACHABLE_STATUSES.includes(response.status);
    } catch {
      return false;
    }
  }

  /** The body of a successful answer. */
  private async send(token: string, signal: AbortSignal): Promise<string> {
    // A header, since a service of before refuses a field that it does not know.
    const request = { body: { key: token }, headers: CHECKS_NETWORKS, parseAs: 'text' as const, signal };
    const { data, response } = await this.client.POST(PATHS[this.asks].verify, request).catch(unreachable);
    if (data !== undefined) return data;
    throw errorFor(response);
  }
}

function unreachable(error: unknown): never {
  const { cause, name } = error instanceof Error ? error : { cause: undefined, name: typeof error };
  // Only the code: a message might quote what was sent.
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : name;
  throw new VerificationUnavailable('unreachable', `The identity service cannot be reached (${code}).`);
}

function errorFor({ status, headers }: Response): VerificationUnavailable {
  const answered = `The identity service answered ${status}`;
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const retryAfter = Number.isInteger(seconds) && seconds > 0 ? seconds : 1;
  if (UNREACHABLE_STATUSES.includes(status))
    return new VerificationUnavailable('unreachable', `${answered}.`, retryAfter);
  if (status === 429) return new VerificationUnavailable('limited', `${answered}: too many requests.`, retryAfter);
  if (status === 401 || status === 403) {
    return new VerificationUnavailable('rejected', `${answered}: it does not accept the key of this application.`);
  }
  return new VerificationUnavailable('malformed', `${answered}, which is not a verdict.`);
}
