import { FixedClock } from '@feather-identity/core/testing';
import { RemoteApiKeyVerifier, type RemoteVerifierOptions } from '../src/index.js';
import { SERVICE_KEY, type VerifyService } from './verify-service.js';

/** What was logged, with its level. */
class RecordingLog {
  readonly lines: string[] = [];

  readonly log = (message: string) => void this.lines.push(`log: ${message}`);
  readonly warn = (message: string) => void this.lines.push(`warn: ${message}`);
  readonly error = (message: string) => void this.lines.push(`error: ${message}`);
}

/** A verifier that asks this service, its log and its clock. */
export function aVerifierOf({ baseUrl }: Pick<VerifyService, 'baseUrl'>, options: Partial<RemoteVerifierOptions> = {}) {
  const clock = new FixedClock();
  const log = new RecordingLog();
  const verifier = new RemoteApiKeyVerifier({ baseUrl, apiKey: SERVICE_KEY, clock, ...options }, log);
  return { verifier, clock, log };
}

/** The same with time limits so long that a busy machine does not look like an outage. */
export function aPatientVerifierOf(service: VerifyService, options: Partial<RemoteVerifierOptions> = {}) {
  return aVerifierOf(service, { attemptTimeoutSeconds: 10, deadlineSeconds: 20, ...options });
}

/** The outcome of a request with this token: `verifyCached` first, as authentication does. */
export async function outcomeOf(verifier: RemoteApiKeyVerifier, token: string): Promise<string> {
  try {
    await (verifier.verifyCached(token) ?? verifier.execute(token));
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

export const REFUSAL = 'authentication.required';
export const UNAVAILABLE = 'verification.unavailable';
