import type { IdentityClient } from '../identity-client.js';
import { noAnswer, VerificationUnavailable } from './verification-unavailable.js';
import { readVerdict, type Verdict } from './verdict.js';
import { within } from './within.js';

/** A proxy's, or the service's own, for what passes. */
const UNREACHABLE_STATUSES = [502, 503, 504];

/** `POST api-keys/verify` of a running service, asked once. */
export class VerifyEndpoint {
  constructor(
    private readonly client: IdentityClient,
    readonly timeoutMs: number,
  ) {}

  /**
   * What the service says of a token, if it does so in this time and its own. Rejects with `VerificationUnavailable`, nothing else:
   * with `tooLate()` where it does not.
   */
  async ask(token: string, msLeft: number, tooLate: () => VerificationUnavailable): Promise<Verdict> {
    const answer = await within(Math.min(this.timeoutMs, msLeft), (signal) => this.send(token, signal), tooLate);
    try {
      return readVerdict(answer);
    } catch {
      // Not the reader's error: JSON.parse quotes what it read.
      throw new VerificationUnavailable('malformed', 'The identity service gave an answer that is no verdict.');
    }
  }

  /** Whether the service answers anything at all, to a question that costs it little. */
  async isReachable(): Promise<boolean> {
    const look = (signal: AbortSignal) => this.client.GET('/v1/identity/whoami', { signal });
    try {
      const { response } = await within(this.timeoutMs, look, noAnswer);
      return !UNREACHABLE_STATUSES.includes(response.status);
    } catch {
      return false;
    }
  }

  /** The body of a successful answer. */
  private async send(token: string, signal: AbortSignal): Promise<string> {
    const request = { body: { key: token }, parseAs: 'text' as const, signal };
    const { data, response } = await this.client.POST('/v1/identity/api-keys/verify', request).catch(unreachable);
    if (data !== undefined) return data;
    throw refusalOf(response);
  }
}

function unreachable(error: unknown): never {
  const { cause, name } = error instanceof Error ? error : { cause: undefined, name: typeof error };
  // The code and no more: a message might quote what was sent.
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : name;
  throw new VerificationUnavailable('unreachable', `The identity service cannot be reached (${code}).`);
}

function refusalOf({ status, headers }: Response): VerificationUnavailable {
  const answered = `The identity service answered ${status}`;
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const retryAfter = Number.isInteger(seconds) && seconds > 0 ? seconds : 1;
  if (UNREACHABLE_STATUSES.includes(status))
    return new VerificationUnavailable('unreachable', `${answered}.`, retryAfter);
  if (status === 429) return new VerificationUnavailable('limited', `${answered}: too many questions.`, retryAfter);
  if (status === 401 || status === 403) {
    return new VerificationUnavailable('rejected', `${answered}: it does not accept the key of this application.`);
  }
  return new VerificationUnavailable('malformed', `${answered}, which is no verdict.`);
}
